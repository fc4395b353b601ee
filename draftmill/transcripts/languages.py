"""The languages that Whisper models know, by their codes."""

LANGUAGES = {
    "en": "English", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi",
    "ms": "Malay", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def choices() -> list[tuple[str, str]]:
    """Codes and names for a form, the first one for "find out"."""
    names = sorted(LANGUAGES.items(), key=lambda item: (item[0] != "en", item[1]))
    return [("", "Find out by itself"), *names]


def of_drafts(otherwise: str) -> list[tuple[str, str]]:
    """Codes and names for a form that asks in which language to write; the first one leaves it open."""
    return [("", otherwise), *choices()[1:]]


def name_of(code: str) -> str:
    """The English name of a language, the code itself if it is a rare one."""
    return LANGUAGES.get(code, code)
