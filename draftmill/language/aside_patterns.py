"""How asides show themselves in English: lent voices, introductions, what is said to the audience."""

import re

# "They would say, oh, it costs too much": the voice of somebody else, also in mockery.
LENT = re.compile(
    r"""(?ix)(?:
      (?<!\bi)(?<!\bwe)\s(?:would|might|may|could|will|gonna)\s++(?:\w++\s++){0,2}?
        (?:say|ask|argue|object|complain|reply|claim|tell\s++(?:you|me|us))\b
    | \b(?:you|they|he|she|who|people|folks|someone|somebody)(?:'d|'ll)\s++(?:\w++\s++)?(?:say|ask|argue|tell)\b
    | (?<!\bi)(?<!\bwe)\s(?:always|often|love\s++to|likes?\s++to|used\s++to)\s++says?\b
    | \b(?:people|folks|they|critics|skeptics|sceptics|everybody|everyone|some|others)
        \s++(?:\w++\s++)?(?:say|says|go|ask|tell\s++(?:you|me|us)|keep\s++saying)\b
    | \boh,\s | ^\W*+oh\b | \b(?:oh\s++my|gee|geez|gosh|ooh|blah|yada|quote\s++unquote)\b
    | \b(?:if|when|imagine|suppose)\s++(?:\w++\s++){1,3}(?:says?|tells?|asks?|saying|asking)\b
    )"""
)
# "He said, why don't you": from here on somebody else speaks, for a while.
DIRECT_SPEECH = re.compile(
    r"""(?ix)\b(?:say|says|said|saying|ask|asks|asked|goes|went|replied|answered|thinks|thinking|yell|yells|yelled|tell\s++(?:me|you|us)
      |told\s++(?:me|us|him|her|them)|(?:am|is|are|was|were|be|been|just|all|'s|'re|'m)\s++like)\s?[,:]\s++(?:["“‘']
      |(?:oh|well|hey|no|nope|yes|yeah|wow|look|okay|ok|hmm|hi|hello|why|what|how|where|who|when|i|i'm|i've|i'd|i'll|you
      |you're|we|we're|this|that|that's|it's|is|are|can|could|do|does|did|don't|your|let's|please|just|come|go|wait|man|dude|sir|mom|dad|there's)\b)"""
)
# "A customer wrote to us, your software", "the answer was, hire cheaper people", "quote, the roof".
QUOTED_ANSWER = re.compile(
    r"""(?ix)(?:
      (?: \b(?:wrote|whispered|shouted|screamed|texted)(?:\s++(?:back|to|in|me|us|him|her|them|my|his|their|an?|the|e-?mail|letter|message|note)){0,4}
        | \b(?:answer|reaction|response|headline|reply|excuse|objection)s?\s++(?:is|was|were|are)(?:\s++(?:always|often|usually|simply|just|the|same)){0,3}
      )\s?[,:]\s++(?!(?:of|in|at|on|as|for|with|to|by|from|and|but|or|so|because|which|who|when|while|then|after|before|although|however|again|also)\b)
    | (?:^\W*+|[,:]\s)quote\s?[,:]\s
    )"""
)
OWN_VOICE_AGAIN = re.compile(
    r"(?i)^\W*+(?:but|so|and\s++(?:so|i|that|then|we)|now|however|anyway|because|well)\b"
)
# "My guest today is", "I'm your host": who is here, not what is said.
INTRODUCTION = re.compile(
    r"""(?ix)\b(?:
      my\s++name(?:'s|\s++is) | (?:my|our|today's|tonight's)\s++(?:\w++\s++){0,2}?(?:co-?host|guests?|moderator|panel(?:l?ists?)?|presenter)\b
    | (?:our|the|today's|tonight's|your|first|next|last|final|keynote)\s++(?:\w++\s++)?speakers?\b
    | (?:i'm|i\s++am)\s++(?:\w++\s++)?your\s++(?:\w++\s++)?(?:host|moderator|instructor|teacher)
    | (?:joined|accompanied)\s++(?:\w++\s++){0,5}?by\b | joining\s++(?:me|us) | with\s++(?:me|us)\s++(?:today|here|tonight|is|are|in\s++the\s++studio|as\s++always)
    | please\s++(?:welcome|join\s++me|give|help\s++me) | join\s++me\s++in\s++welcoming | give\s++(?:it\s++up|a\s++(?:warm|big))
    | (?:pleasure|honou?r|privilege|delight(?:ed)?|pleased|proud|happy|excited|thrilled)\s++to\s++(?:\w++\s++)?(?:introduce|welcome|present|have|be\s++here|be\s++joined|announce)
    | (?:introduce|introducing)\s++(?:you|our|my|myself|him|her|them|the|today's|yourself|yourselves|professor|dr)\b
    | (?:a\s++(?:little|bit)\s++)?(?:bit\s++)?about\s++(?:yourself|yourselves|myself|your\s++background)
    | welcome\s++(?:to|back|everyone|everybody|all|aboard|in|,) | (?:another|this|today's)\s++episode | previous\s++episodes?
    | (?:good\s++(?:morning|afternoon|evening)|hello|hi|hey\s++there|greetings)\s*+[,!.] | (?:nice|great|good|lovely|glad|happy)\s++to\s++(?:\w++\s++)?(?:have|see|meet|be)\b
    | thanks?\s++(?:you|for|to|so|very|everyone|everybody|again)\b | brought\s++to\s++you | our\s++friends\s++(?:at|over|from) | free\s++trial | promo(?:tional)?\s++code
    | follow\s++(?:me|us)\s++on | find\s++(?:me|us)\s++(?:on|at) | show\s++notes
    | (?:i'm|i\s++am)\s++(?:a|an|the|one\s++of\s++the|also\s++(?:a|an|the))\s++(?:[\w-]++\s++){0,6}?
        (?:professor|engineer|developer|scientist|researcher|designer|manager|director|founder|co-?founder|ceo|cto|head|lead|lecturer|fellow|student|journalist|editor|author|writer|consultant|analyst|architect|advocate|evangelist|strategist|partner|member|president|chair(?:man|woman|person)?)
        \s++(?:at|of|for|with|in|here|on|from)\b
    | i\s++(?:work|teach|study|studied|lead|run|live)\s++(?:at|for|with|on\s++the|in\s++the)\b
    )"""
)
# "She received her doctorate from": read from a biography where more of its kind stand around it.
BIOGRAPHY = re.compile(
    r"""(?ix)\b(?:
      (?:he|she|they|who)(?:'s|\s++(?:is|was|has\s++been|also|currently|then|now|previously|recently))*+\s++(?:\w++\s++){0,3}?
        (?:professor|lecturer|director|founder|co-?founder|author|editor|fellow|ceo|cto|scientist|researcher|journalist|president|chair|member|recipient|graduate|faculty|teacher|expert)\b
    | (?:is|was|as)\s++(?:an?|the|currently|now)\s++(?:[\w-]++\s++){0,4}?(?:professor|lecturer|director|founder|co-?founder|author|editor|fellow|ceo|cto|scientist|researcher|journalist|president|chair|recipient|strategist|novelist|poet)\s++(?:of|at|in|for|emerit)
    | (?:received|earned|holds?|completed|obtained|got|has)\s++(?:an?|his|her|their|the)\s++(?:[\w.']++\s++){0,3}?(?:ph\.?\s?d|doctorate|degree|bachelor|master|b\.?a\.?|m\.?a\.?|mba|diploma|award|prize|fellowship)
    | (?:his|her|their)\s++(?:\w++\s++){0,3}?(?:research|work|books?|novels?|poems?|writing|articles?|papers?|career|essays?)\s++(?:\w++\s++)?(?:focus|ha[sv]e?|appear|explore|include|won|cover|deal|span|is\s++on)
    | (?:author|co-author|editor|recipient|winner|graduate|alum\w*)\s++of\b | (?:was\s++)?born\s++(?:in|and\s++raised|on)\b | (?:lives|resides|based)\s++in\b
    | (?:has\s++)?(?:published|authored|written)\s++(?:\w++\s++){0,3}?(?:books?|papers?|articles?|novels?|volumes?)
    | (?:graduated|degrees?)\s++(?:\w++\s++)?(?:from|in)\b | (?:award|prize)[-\s]winning | best-?selling | (?:his|her|their)\s++(?:ph\.?\s?d|doctorate|degree|alma|debut|first\s++book)
    | (?:has\s++)?(?:won|been\s++awarded|been\s++honou?red|been\s++named|served\s++as|taught\s++at|worked\s++(?:as|at|for))\b
    )"""
)
# "Use the code lines for ten percent off": to those who listen, not about the subject.
TO_THE_AUDIENCE = re.compile(
    r"""(?ix)(?:
      \bdot\s++(?:com|org|io)\b | \b(?:percent|%)\s++off\b | \d%\s++off\b
    | \b(?:use|with|enter)\s++(?:the\s++|our\s++|my\s++|this\s++)?(?:\w++\s++)?code\s++\w++\s++(?:for|to\s++get|at\s++checkout)\b | \bat\s++checkout\b
    | \bleave\s++(?:us|me)\s++an?\b | \b(?:hit|ring)\s++the\s++bell\b | \bsign\s++up\s++(?:for|to)\s++(?:our|my|the)\s++newsletter\b
    | \bwherever\s++you\s++(?:get|find|listen)\b | \bsupport\s++for\s++(?:this|the|our)\s++(?:podcast|show|program|episode)
    | \bdon't\s++go\s++anywhere\b | \b(?:be|are|come)\s++right\s++back\b | \bafter\s++(?:this|the|a)\s++(?:short\s++|quick\s++)?(?:break|message)\b
    | \bstay\s++tuned\b | ^\W*+(?:hi|hello|hey|dear)\s++(?:\w++\s++)?\w++\s?[,!.:] | \bladies\s++and\s++gentlemen\b
    | \bi(?:'m|\s++am)\s++\w++(?:\s++\w++)?,?\s++and\s++(?:today|tonight|this\s++is|in\s++this|welcome|you're)\b
    | \bsilence\s++your\b | \bcalls?\s++(?:may|will)\s++be\s++recorded\b | \b(?:let\s++us|let's)\s++pray\b | \bturn\s++with\s++me\b
    )"""
)
