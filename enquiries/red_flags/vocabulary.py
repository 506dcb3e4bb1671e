"""The words that the matcher knows by heart. What counts as a red flag is not here, but data."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Whose it is does not count at all.
OWNERS = _words(
    """
    a an the my your his her our their
    """
)

# Words that say little: they are no distance, and may come between the words of a phrase.
SMALL_WORDS = OWNERS | _words(
    """
    absolutely actually all also am are at be been being bit completely in is it its just
    literally of on quite really so to totally very was were
    """
)

# Ways to write one word.
CANNOT = _words(
    """
    caint cannot cannt canot cant carnt couldn couldnt cudnt unable
    """
)

WAYS_TO_SAY_CANNOT = [
    tuple(line.split())
    for line in (
        "can not",
        "could not",
        "unable to",
        "not able to",
        "can no longer",
        "can hardly",
        "can barely",
        "could hardly",
        "could barely",
        "can bearly",
        "not been able to",
        "havent been able to",
        "hasnt been able to",
        "wasnt able to",
        "isnt able to",
        "arent able to",
        "no longer able to",
        "incapable of",
        "can scarcely",
        "cannot really",
        "cannot even",
        "cannot seem to",
        "cannot properly",
        "cannot actually",
    )
]

# Two words written as one, and where the second begins.
RUN_TOGETHER = {
    "chestpain": 5, "chestpains": 5, "backpain": 4, "neckpain": 4, "jawpain": 3,
    "legpain": 3, "cantpee": 4, "cantwee": 4, "cantbreathe": 4, "cantbreath": 4,
    "weemyself": 3, "wetmyself": 3, "stiffneck": 5, "bothlegs": 4, "killmyself": 4,
}  # fmt: skip

# Misspellings that are two letters away, or of words too short to guess at.
COMMON_MISSPELLINGS = {
    "ancle": "ankle", "bcos": "because", "blured": "blurred", "blury": "blurry",
    "bowal": "bowel", "bowell": "bowel", "bowl": "bowel", "bowle": "bowel",
    "bowls": "bowels", "breeth": "breath", "breff": "breath", "breth": "breath",
    "brethe": "breathe", "butocks": "buttocks", "buttox": "buttocks",
    "catheder": "catheter", "cheast": "chest", "chect": "chest", "chesy": "chest",
    "contol": "control", "controll": "control", "cos": "because", "coz": "because",
    "cuz": "because", "diabeties": "diabetes", "diabetis": "diabetes", "dnt": "dont",
    "dribling": "dribbling", "dubble": "double", "elboe": "elbow",
    "exruciating": "excruciating", "feaver": "fever", "fevar": "fever",
    "fevour": "fever", "genitles": "genitals", "hart": "heart", "heache": "headache",
    "headach": "headache", "headack": "headache", "headake": "headache",
    "hedache": "headache", "hedake": "headache", "leged": "legged", "legz": "legs",
    "migrane": "migraine", "mths": "months", "nee": "knee", "nees": "knees",
    "nek": "neck", "nite": "night", "nites": "nights", "num": "numb", "numm": "numb",
    "nummb": "numb", "pane": "pain", "paralized": "paralysed", "payne": "pain",
    "pian": "pain", "pians": "pains", "pivates": "privates", "privite": "private",
    "puss": "pus", "realy": "really", "rist": "wrist", "rong": "wrong",
    "sholder": "shoulder", "sholders": "shoulders", "suddenley": "suddenly",
    "sudenly": "suddenly", "suiside": "suicide", "swelled": "swollen",
    "swolen": "swollen", "temp": "temperature", "tempature": "temperature",
    "temperture": "temperature", "tempreture": "temperature",
    "tempurature": "temperature", "tung": "tongue", "urin": "urine", "vison": "vision",
    "vomitting": "vomiting", "vommiting": "vomiting", "wiv": "with", "worste": "worst",
    "wurst": "worst", "yr": "year", "yrs": "years",
}  # fmt: skip

# Words in their own right, one letter away from a word of a pattern.
OTHER_WORDS = _words(
    """
    based became become becomes better billing blocked bother bothered bottoms bowling bread
    breadth broke burning button buttons certain channels charge charged charges charmed chewed
    chewy choking chopped collapsible colours comfortable conclude confuse confusing control
    controls copying cricked diverse doctors dose double doubled doubly driving drooped dropped
    eight fallen falling feeling filing filling forgot form from genial happen harmed hearing
    hearted heated heater height heights hunting hurting infant inflect inject injected
    injection injections insect insects instance joking kicking killed ladder lasting leaving
    letter lining living local locked locking looked looking loving lucked missed missing
    morning mourning muscle needed needing needs neither painted painting panties parting passes
    pirates places planting plates pollen pooled prints private privately rapid reception
    receptionist relies sadden saddest saddled saying second seize sentence several shared sheet
    shopped shorted shorten shorter sitting skilled sleeping smelling sneeze sodden spelling
    spilling spitting sprain sprained sprains spread spreads square squared squeeze stepped
    stiffen stiffer stoke stolen stomach stopped straightening strangers streak streaks stress
    stretch stretched strike stroked strokes stuff sudden suicidal suitcase swapping swearing
    sweating sweeping swelling swimming taking talking temper templates temple temples tempted
    tender tenders tendon tension thing things think thinks though thought thoughts three throws
    treble tremble trouble tuned turning version viewing vision visit visits waking walking
    walling warning weather wedding wedged weeding weighed wetter whether winged wording
    """
)

NEGATORS = _words(
    """
    aint arent denied denies deny didnt doesnt dont hadnt hasnt havent isnt neither never nil no
    none nor not wasnt werent without
    """
)

# "Not only", "no control", "don't know why": what follows such a pair is not denied.
NOT_DENIED = _words(
    """
    able afford apparent appetite be been bend better booked bothered breathe call called
    calling certain change choice concentrate contacted control cope coping doubt drive ease
    eased easing eat eaten eating energy enough exaggerating explanation feeling feelings fully
    getting go going gone good great grip help helped helping helps hoping idea improve improved
    improvement improving joking just keen know knowing knows lift like long matter mention move
    moving near normal noticed noticing obvious one only pee phoned point poo power properly
    realising realizing reason relief right ring rung seem seen sensation settle settled
    settling sit sleep sleeping slept spoken stand stop stopped stopping stops strength sure
    thinking time to told trying understand visit visited wait walk walking wanna want warning
    wee well wonder wondering work worked working yet
    """
)

# Words that may come between a negator and what it denies.
BETWEEN = _words(
    """
    a an any be been even get getting got had has have is much really the
    """
)

# Words at which a denial ends.
CONTRAST = _words(
    """
    about although bar because but currently despite except however i im instead ive just lately
    now only recently since still suddenly then tho though till today tonight unless until when
    whereas which yet
    """
)

# Words that begin a clause of their own after "and".
SUBJECTS = _words(
    """
    also am cannot feel feels have he i im it its ive keep keeps my now she sometimes started
    starting suddenly that there they this today we when
    """
)

LINKS = _words(
    """
    & and plus so then
    """
)

LONG_AGO = _words(
    """
    decade decades year years
    """
)

SEASONS = _words(
    """
    autumn christmas spring summer winter year
    """
)

# Words that say it still goes on, whatever "years ago" there is.
ONGOING = _words(
    """
    again began begun continues continuing currently keep keeping keeps lately now ongoing
    recently returned since start started starting starts still suddenly today tonight worse
    worsening yesterday
    """
)

PAST_VERBS = _words(
    """
    got had suffered was were
    """
)

AGES = _words(
    """
    baby boy child girl kid little pregnant small student teen teenager young younger
    """
)

# People whom somebody may write for: what they have now counts in full.
HOUSEHOLD = _words(
    """
    aunt auntie aunts boyfriend brother brothers cousin dad dads daughter father fathers
    girlfriend gran grandad grandfather grandma grandmother grans husband husbands mam mom
    mother mothers mum mums nan nana nans parent parents partner partners sister sisters son
    uncle uncles wife wifes
    """
)

# People, and animals, whom nobody writes for.
OTHERS = _words(
    """
    boss cat colleague colleagues dog friend friends horse mate neighbor neighbour neighbours
    """
)

THIRD = _words(
    """
    he her him his she they
    """
)

FIRST = _words(
    """
    i im ive me myself
    """
)

# Verbs that tell what is over.
LOST = _words(
    """
    died got had lost passed suffered was
    """
)

# Words before "had" or "got" that make it go on: "has had".
PERFECT = _words(
    """
    has have hes keeps shes
    """
)

# "And now it is back": what is past comes again.
POINTERS = _words("it its this that they same")
RETURNS = _words("again returned recurred same")
BEFORE_BACK = _words("is its come came coming comes are has")

# What somebody has now is not past, even after "last year".
PRESENT = _words("getting having am im cannot feels hurts aches is")
