"""What people said in many languages, each with the encodings that its old programs wrote."""

# Language: its encodings, a sentence, and more of it.
SPOKEN: dict[str, tuple[tuple[str, ...], str, str]] = {
    "de": (("cp1252", "iso8859_15", "mac_roman"), "Wir müssen später über die Größe des Ofens reden.", "Guten Tag, schön, dass Sie da sind. Heute backen wir Brötchen für über hundert Gäste. Das Mehl wäre fast ausgegangen."),
    "fr": (("cp1252", "iso8859_15", "mac_roman"), "Nous avons commencé très tôt cette année à préparer la fête.", "Bonjour à tous, je suis très heureux d’être ici. Le four est déjà chaud, et la pâte a levé pendant la nuit."),
    "es": (("cp1252", "iso8859_15", "mac_roman"), "Mañana vamos a hablar de cómo está la situación.", "Buenos días a todos. El año pasado nos pareció más difícil, pero también aprendimos muchísimo. ¿Quién quiere empezar?"),
    "pt": (("cp1252", "iso8859_15", "mac_roman"), "Amanhã não vamos trabalhar porque é feriado em São Paulo.", "Olá a todos, muito obrigado por terem vindo. A situação é difícil, mas nós também temos soluções."),
    "sv": (("cp1252", "iso8859_15", "mac_roman"), "Vi måste prata om hur varmt det är på kvällen här.", "Hej allihopa, välkomna hit. I dag ska vi göra bröd på ett sätt som är väldigt enkelt."),
    "pl": (("cp1250", "iso8859_2"), "Dzień dobry, właśnie zaczynamy nasze spotkanie.", "Źródło jest tutaj, proszę. Dziękuję bardzo za uwagę. Jutro będziemy mówić o piecu i o mące."),
    "cs": (("cp1250", "iso8859_2"), "Dobrý den, dnes budeme mluvit o něčem úplně jiném.", "Těší mě, že jste přišli. Příště začneme dříve, protože pec je už teď příliš horká."),
    "hu": (("cp1250", "iso8859_2"), "Jó reggelt, ma arról beszélünk, hogyan készül a kenyér.", "Köszönöm szépen, hogy eljöttek. A sütő már meleg, és a tésztát tegnap este készítettük el. Nagyon örülök, hogy sütünk ebből a lisztből."),
    "tr": (("cp1254", "iso8859_9"), "Günaydın, bugün başlıyoruz, şimdi ne yapacağız?", "Hoş geldiniz arkadaşlar. Fırın çok sıcak, ekmeği birazdan çıkaracağız. Teşekkür ederim, görüşürüz."),
    "ru": (("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"), "Привет, друзья, сегодня мы начинаем.", "Да, конечно. Мы начали в мае, и это было очень интересно. Спасибо вам большое за внимание."),
    "uk": (("cp1251", "koi8_u"), "Добрий день, сьогодні ми говоримо про хліб.", "Дякую, що прийшли. Піч уже гаряча, і ми можемо починати. Це було дуже цікаво."),
    "bg": (("cp1251",), "Добър ден, днес ще говорим за хляба.", "Благодаря ви, че дойдохте. Фурната вече е гореща и можем да започнем."),
    "el": (("cp1253", "iso8859_7"), "Καλημέρα σας, σήμερα θα μιλήσουμε για το ψωμί.", "Σας ευχαριστώ πολύ που ήρθατε. Ο φούρνος είναι ζεστός και μπορούμε να αρχίσουμε."),
    "he": (("cp1255",), "שלום לכולם, היום נדבר על הלחם.", "תודה רבה שבאתם. התנור כבר חם ואנחנו יכולים להתחיל."),
    "ar": (("cp1256",), "صباح الخير، اليوم سنتحدث عن الخبز.", "شكرا جزيلا على حضوركم. الفرن ساخن الآن ويمكننا أن نبدأ العمل."),
    "zh": (("gbk", "gb18030"), "大家好，我们今天开始说这个问题。", "今天很热。谢谢大家来这里。我们已经做了很多工作，但是还有一些事情要说。"),
    "zh-Hant": (("big5",), "大家好，我們今天開始說這個問題。", "今天很熱。謝謝大家來這裡。我們已經做了很多工作，但是還有一些事情要說。"),
    "ja": (("shift_jis", "cp932", "euc_jp", "iso2022_jp"), "こんにちは、今日は暑いですね。", "始めましょう。パンの作り方について話します。ありがとうございます。"),
    "ko": (("euc_kr", "cp949"), "안녕하세요, 오늘은 빵에 대해 이야기하겠습니다.", "와 주셔서 감사합니다. 오븐이 이미 뜨거우니 시작할 수 있습니다."),
}  # fmt: skip


def caption_file(*sentences: str) -> str:
    """The sentences as SubRip."""
    return "\n".join(
        f"{n + 1}\n00:00:{n * 4:02},000 --> 00:00:{n * 4 + 3:02},500\n{sentence}\n"
        for n, sentence in enumerate(sentences)
    )


def split(text: str) -> list[str]:
    """The sentences of a longer text."""
    found = [""]
    for letter in text:
        found[-1] += letter
        if letter in ".?。":
            found.append("")
    return [one.strip() for one in found if one.strip()]
