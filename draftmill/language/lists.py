"""Word lists of spoken English. Each has its test sentence in tests/language/test_language.py."""

import re


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


# Words that carry grammar, not meaning: left out of vectors, frequencies and labels.
STOP = listed(
    """
    a about above actually after again all almost already also always am an and another any
    anybody anyone anything are around as at away back basically be because been before being
    below between both but by came can cannot come comes could did do does doing done down each
    either else ended enough er even ever every everybody everyone everything few for forward from gave
    get gets getting give goes going gone gonna got gotta had has have having he her here hers
    him his how however i if in instead into is it its itself just kind kinda know last less let
    like literally little look lot lots made make makes many may maybe me mean means might mine
    more most much must my myself need never next no nobody none nor not nothing now of off oh
    ok okay on once one ones only onto or other others our ours out over own perhaps please
    pretty probably put quite rather really right said same saw say says see seen shall she
    should since so some somebody someone something sort still such sure take takes talk tell
    than thank thanks that the their theirs them themselves then there these they thing things
    think this those though through to too took toward two under until up upon us use used very
    want wanted wants was way we well went were what whatever when where whether which while who
    whole whom whose why will with within without would yeah yes yet you your yours yourself
    """
)

# "We, um, moved": sounds, never words.
FILLERS = listed("um umm uh uhh uhm er erm eh hmm hm mm mhm ah")

# "Okay, so the log": what opens a spoken sentence and says nothing. The second list only
# before a comma, because "Right tools matter" and "Well written code" are sentences.
LEADING = listed("so and okay ok alright yeah yep")
LEADING_BEFORE_COMMA = listed(
    "oh well right now look see listen anyway basically absolutely exactly great cool"
)
# "So far nobody noticed", "so much data": here "so" belongs to the sentence.
AFTER_SO = listed("far much many that few little long called often")

# "very, very slow", "we had had it": doubled on purpose, or by grammar.
MAY_DOUBLE = listed(
    "very really much many more far long had that no never always again slowly bye is on"
)
# ", you know," says nothing; "like" stays before a number ("like, ten").
PARENTHESES = (("you", "know"), ("i", "mean"), ("like",))
NUMBER_WORDS = listed(
    """
    one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty
    sixty seventy eighty ninety hundred thousand million billion half dozen
    """
)

# "It was slow.": an opening that points at the sentence before.
POINTING_OPENINGS = listed(
    """
    it its it's it'd it'll that that's that'd that'll this these those they they're they've they'd
    they'll them their he he's she she's his her him which who whose then but because or nor also
    too yes no nope exactly same otherwise either neither instead however still again such
    both therefore thus hence than like whereas whether although though even plus not
    """
)
# "This year we moved" points at nothing.
HERE_AND_NOW = listed("year week month morning afternoon evening talk century decade")
POINTING = re.compile(
    r"""(?ix)\b(?:
      (?:this|that|these|those)\s++(?!(?:an?|the)\b)(?:\w++\s++)?
        (?:graph|chart|slide|picture|diagram|photo|screen|arrow|curve|plot|image|screenshot)s?
    | (?:you|we)\s++(?:can\s++)?see\s++(?:there|that|this|how|in|on)\b | here | over\s++there
    | (?:right|up|down)\s++there | on\s++the\s++(?:left|right|screen|slide|top|bottom)
    | (?:as|like)\s++(?:you\s++can\s++see|(?:i|we)(?:'ve)?\s++(?:said|mentioned|saw)) | (?:like|than)\s++(?:this|that)
    | (?:this|that)\s++(?:one|guy|thing|stuff) | the\s++other\s++thing
    | the\s++(?:\w++\s++){0,2}one(?!\s++(?:that|who|which|of|i|we|you|with|in|for|\w+ing|\w++\s++(?:thing|way|day|time)))
    )\b"""
)
# "The rest we found": an opening of several words that continues a list or an argument.
CONTINUING = re.compile(
    r"""(?ix)^(?:
      the\s++(?:other|rest|same|latter|former|second|third|fourth|next|last)\b | another\b
    | (?:second|third|fourth|last)(?:ly)?\b | finally\b | for\s++(?:example|instance)\b | in\s++fact\b
    | (?:some|all|one|two|many|most|none|each|either|both)\s++of\s++(?:them|these|those|this|that|it)\b
    | as\s++a\s++result\b | on\s++the\s++other\s++hand\b | at\s++the\s++same\s++time\b | in\s++other\s++words\b
    | so\s++that\b | to\s++(?:what|your|that|his|her|their|answer)\b | (?:going|coming|getting|and)\s++back\s++to\b
    | (?:how|why)\b | at\s++least\b | meanwhile\b | besides\b | of\s++course\b | similarly\b | sometimes\b | there,
    )"""
)
HOUSEKEEPING = re.compile(
    r"""(?ix)\b(?:
      (?:can|could)\s++(?:you|everyone|everybody|people|y'all)\s++(?:all\s++)?(?:see|hear)
    | (?:next|last|previous|first|final)\s++slide | my\s++screen | shar(?:e|ing)\s++(?:my|the)\s++screen
    | (?:is|are)\s++(?:my|the)\s++(?:mic|microphone)s? | (?:un)?mute[ds]? | microphone
    | thanks?\s++(?:you|for|to|so|very|everyone|everybody)\b | welcome\s++(?:to|back|everyone|everybody)
    | (?:hello|hi|hey|good\s++(?:morning|afternoon|evening))\s++(?:everyone|everybody|all|folks|guys|there)
    | my\s++name(?:'s|\s++is) | round\s++of\s++applause | (?:any|take|your)\s++questions
    | sponsor(?:s|ed|ing)? | promo\s++code | subscribe | (?:like|comment)\s++below | patreon
    | link\s++in\s++the\s++description | check\s++(?:it|us|them)\s++out | coffee\s++break | lunch\s++break
    | (?:let's|let\s++us|we'll|we\s++will|shall\s++we|going\s++to|gonna)\s++
        (?:get\s++(?:started|going)|move\s++on|take\s++a\s++break|wait\s++for|skip|come\s++back)
    | (?:i|we)(?:'ll|\s++will)\s++(?:come|get)\s++(?:back\s++)?to
    | (?:great|good|nice|lovely|glad|happy)\s++to\s++(?:have|see|meet|be)\s++(?:you|here)
    | let(?:'s|\s++us|\s++me)\s++(?:just\s++|now\s++|actually\s++)?(?:talk|think|start|look|see|turn|begin|switch|go|show|give|tell)
    | (?:going\s++to|gonna|want\s++to|like\s++to)\s++(?:show|tell|walk|give|take)\s++(?:you|everyone)
    | (?:next|last|first|second|third|final)\s++(?:item|topic|part|section|lesson|point|thing)
        \s++(?:is|was)\s++(?:about|on|the)\b
    | (?:i|we)(?:'m|'re|\s++am|\s++are)\s++(?:out\s++of|running\s++(?:out|over|late)) | recording\s++this
    | ^(?:talk|tell|walk|speak)\s++(?:me|us|a\s++little|about|to\s++us)\b | where\s++was\s++i | why\s++don't\s++(?:we|you) | just\s++to\s++(?:make|be) | hold\s++on | one\s++(?:sec|second|moment) | give\s++me\s++a\s++(?:sec|second|minute)
    | (?:today|i|we)\s++.{0,30}\b(?:talk|talking|speak|speaking|tell\s++you|show\s++you)\s++(?:you\s++)?(?:about|how|what)
    | talk\s++about\s++(?:today|that|this|it)\b | next\s++(?:item|point|question)\s++(?:on|is)
    )\b"""
)
# "We moved the table to the.": an end that waits for more.
DANGLING = listed(
    """
    a an the and or but nor if of because so that which who whose my our your their its to from into as than very with for at by we i he she they i'm we're you're it's and/or
    """
)
# "We know we can" is no restart, "we're taking we took" is one.
TAKES_A_CLAUSE = listed(
    """
    know knew think thought guess say said says hope hoped mean meant believe believed wish find
    found feel felt realise realised realize realized see saw assume assumed told tell remember
    decided suppose learned learnt noticed sure glad afraid what how where when if whatever
    everything anything something all thing way time moment until before after because while once
    """
)
# Chat, not prose: costs a passage its place.
CHAT = re.compile(
    r"(?i)\b(?:haha|lol|wow|gonna|wanna|gotta|kinda|stuff|guys?|yeah|crazy|dude|awesome|whatever"
    r"|blah|damn|shit|fuck\w*|sort of|kind of|i guess|or something|and so on|you know|i mean|i don't know|i think|i would say)\b"
)
# "In May, um, we moved": before these the comma belongs to the sentence.
CLAUSE_OPENERS = listed(
    """
    and but or so because which who we i you they he she it that this there if when while the
    """
)
# "He's like, there's a hole": talk retold, which reads as nothing.
RETOLD = re.compile(
    r"(?i)\b(?:i'm|he's|she's|they're|we're|you're|was|were) like\b|\byeah\b|\bno,? no\b|\bsorry\b"
)
# What a speaker says when he claims something.
CLAIM = re.compile(
    r"(?i)\b(?:always|never|most|best|worst|only|must|should|need to|have to|because|means|the"
    r" reason|the point|important|matters?|instead|learned|problem|key|biggest|cannot|can't|don't"
    r"|the difference|turns out|every|nobody|everyone)\b"
)
NUMBER = re.compile(r"(?i)\d|\b(?:percent|twice|half|hundred|thousand|million|billion)\b")

# A new chapter often begins so.
CUE = re.compile(
    r"""(?ix)^\W*+(?:(?:so|and|okay|ok|alright|all\s++right|now|right|well|yeah|um|uh|but)\W++)*+(?:
      let's\s++(?:talk|look|move|start|turn|go\s++(?:on|to)|get\s++(?:in)?to|switch|begin)
    | let\s++me\s++(?:talk|turn|move|start|switch|begin|tell\s++you\s++(?:about|how)) | moving\s++on
    | (?:the\s++)?(?:next|second|third|fourth|fifth|last|final)\s++
        (?:thing|item|point|part|topic|question|step|reason|lesson|idea|chapter|section|problem|one)
    | (?:the|our|my)\s++first\s++(?:thing|item|point|part|topic|question|step|reason|lesson|idea)
    | first\s++of\s++all | finally | lastly | to\s++(?:sum|wrap)\s++up
    | in\s++(?:summary|conclusion) | (?:i|we)\s++(?:want|wanted|would\s++like|'d\s++like)\s++to\s++(?:talk|move|start|turn)
    | (?:i|we)(?:'ll|'m\s++going\s++to|'re\s++going\s++to)\s++(?:talk|start|move|turn)
    | what\s++about | how\s++(?:about|did\s++you|do\s++you) | tell\s++(?:me|us)\s++about | next(?:\s++up)?,
    | (?:another|one\s++more)\s++(?:thing|question|point|topic|item) | speaking\s++of | turning\s++to
    )\b"""
)

# "the best way to do the thing": heads and adjectives that name no topic.
EMPTY_HEADS = listed(
    """
    thing things stuff lot lots bit way ways kind kinds sort sorts time times guy guys everything
    something anything nothing someone everyone anyone question questions example examples part
    parts point points case cases reason reasons end day days sense fact course minute minutes
    moment second seconds number numbers couple people person folks hour hours today yesterday
    tomorrow week weeks month months year years morning afternoon evening night side sides word
    words idea ideas half place places talk slide slides hand front back top bottom matter piece
    pieces type types problem problems answer stage percent hundred thousand million thank thanks
    one two three four five six seven eight nine ten dozen beginning rest whole bunch hi hello
    guest guests host hosts listener listeners viewer viewers episode episodes podcast audience terms basis fun
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december
    welcome okay yeah ok um uh lesson lessons item items chapter anybody nobody somebody name
    """
)
# "Let's go to a break", "turn to page 42": what comes next, and no topic of a part.
NO_PART = listed("break joke prayer page pages phone phones lunch")
EMPTY_ADJECTIVES = listed(
    """
    good big new little whole same other different first last next many few much more most great
    nice bad better best old own real such certain several various second third main single
    entire only right wrong huge small long short exact actual particular possible able sure
    very important interesting simple easy hard ready fine happy sorry final full extra usual
    """
)
# "I want to talk about how we moved": the topic as its speaker announces it.
ANNOUNCEMENT = re.compile(
    r"""(?ix)\b(?:
      (?:today|tonight|this\s++(?:morning|afternoon|evening|week))\s++(?:is|(?:we|it)(?:'re|'s|\s++are|\s++is))\s++(?:all\s++)?about
    | (?:talk|talking|speak|speaking|chat|chatting|hear|conversation|discussion|presentation|lecture)
        \s++(?:a\s++(?:little\s++)?bit\s++)?(?:to\s++you\s++)?(?:about|on)
    | tell\s++you\s++(?:a\s++(?:little\s++)?bit\s++)?(?:the\s++story\s++of|about)
    | (?:topic|subject|title|theme)\s++(?:\w++\s++){0,3}?(?:is|will\s++be)
    | (?:show\s++you|explain|going\s++to\s++(?:cover|discuss|explore|look\s++(?:at|into)|learn(?:\s++about)?))
    | (?:this|today's)\s++(?:\w++\s++)?(?:talk|lecture|episode|video|meeting|session|webinar)\s++is\s++(?:all\s++)?(?:about|on)
    )\s++(?P<topic>.+)"""
)
# "Today we're making a risotto": only beside TODAY.
MAKING = re.compile(
    r"""(?ix)\b(?:we|i)(?:'re|'m|'ll|\s++(?:are|am|will))?\s++(?:going\s++to\s++|gonna\s++|be\s++)?
      (?:mak|cook|bak|build|paint|sew|knit|repair|fix|brew)(?:e|ing)?\s++(?P<topic>.+)"""
)
TODAY = re.compile(r"(?i)\b(?:today|tonight|in\s++this\s++(?:video|episode|lesson|class))\b")
# What comes is announced: "people talk about the weather" announces nothing.
ANNOUNCING = re.compile(
    r"""(?ix)\b(?:today|tonight|this\s++(?:morning|afternoon|evening|talk|lecture|episode|video|meeting|session|webinar|lesson|week|course)
      |(?:i|we)(?:'ll|'d|'m|'re|\s++(?:will|want|wanted|would|am|are|shall))\b|let's|let\s++me|going\s++to|gonna
      |(?:my|our|the)\s++(?:talk|topic|subject|title|theme|presentation|lecture)|here\s++to)\b"""
)
# "The next item is the opening hours": the topic of a chapter, announced where it begins.
PART_ANNOUNCEMENT = re.compile(
    r"""(?ix)(?:
      \blet's\s++(?:now\s++)?(?:talk|look|start|move|go|begin|turn|switch)\s++
        (?:on\s++|over\s++|a\s++(?:little\s++)?bit\s++)?(?:about|at|with|on|to|into)
    | \b(?:want\s++to|like\s++to|'ll|will|going\s++to)\s++(?:talk|speak)\s++(?:a\s++(?:little\s++)?bit\s++)?about
    | ^\W*+(?:\w++,?\s++){0,2}?(?:the\s++|our\s++|my\s++)?(?:first|second|third|fourth|fifth|next|last|final)\s++
        (?:thing|item|point|part|topic|step|reason|lesson|idea|chapter|section|problem|question)
        (?:,[^,]*+,(?:\s*+(?:is|was)\b)?|,(?:(?:is|was)\b)?|\s++(?:is|was)\b)(?:\s++about\b)?
    | ^\W*+(?:what|how)\s++about | \bmoving\s++on\s++to | \bturning\s++to | \bspeaking\s++of
    )\s++(?P<topic>.+)"""
)
ANNOUNCEMENT_END = re.compile(
    r"""(?ix)(?<!\s)\s*+(?: [.;:!?] | ,(?!\s++and\s++(?:how|why|what)\b) | \b(?:today|tonight|this\s++(?:morning|afternoon|evening)|right\s++now|
      in\s++(?:this|the\s++next)|for\s++the\s++next|a\s++(?:little\s++)?bit|(?:itself|themselves)\b|and\s++(?:then|i|we|also|so|that's|some|maybe|just|a\s++few|a\s++little)\b|(?:maybe|basically)
      |because|so\s++that|if|since|but|or\s++something|with\s++you|to\s++you)\b ).*"""
)

# Words that deny, without apostrophes.
NEGATORS = listed(
    """
    not no never nobody nothing none neither without cannot cant wont dont doesnt didnt isnt
    arent wasnt werent hasnt havent hadnt wouldnt couldnt shouldnt mustnt neednt aint hardly noone
    unless
    """
)
