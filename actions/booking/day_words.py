"""Words about days and times in the patients' languages, each as one English word."""

WEEKDAY_NAMES = {
    "monday": "mon maandag umsombuluko msombuluko ngomsombuluko umvulo mvulo "
    "ngomvulo mosupologo mantaha",
    "tuesday": "tue tues dinsdag ulwesibili lwesibili ngolwesibili ulwesibini "
    "lwesibini ngolwesibini labobedi",
    "wednesday": "wed weds woensdag ulwesithathu lwesithathu ngolwesithathu laboraro",
    "thursday": "thu thur thurs donderdag ulwesine lwesine ngolwesine labone",
    "friday": "fri vrydag ulwesihlanu lwesihlanu ngolwesihlanu labohlano",
    "saturday": "sat saterdag umgqibelo mgqibelo ngomgqibelo mokibelo moqebelo",
    "sunday": "sun sondag isonto ngesonto icawe cawe ngecawe lamorena sontaha",
}
# Words that stand for another one, whatever stands around them.
SAME = {
    "tomorrow": "tmrw tmr tmw tmrrw tomo tomoz tomoro 2moro 2morrow 2mrw 2mro 2moz "
    "2mo kusasa gosasa ngomuso ngomso",
    "today": "2day tday vandag namhlanje namhla lehono",
    "yesterday": "gister izolo maabane",
    "overmorrow": "oormore ngomhlomunye oormorre",
    "morning": "morn mrng morng mornin oggend soggens ekuseni ekuseneni mesong",
    "mornings": "oggende",
    "midday": "lunchtime lunchbreak emini",
    "afternoon": "arvo aftie middag namiddag smiddags ntambama nasemini mathapama",
    "evening": "eve night nite aand saans kusihlwa ebusuku mantsiboa",
    "tonight": "2nite tonite vanaand",
    "weekend": "wkend naweek wknd impelasonto",
    "weekends": "naweke",
    "weekday": "weeksdag",
    "weekdays": "weeksdae",
    "week": "wk iviki evikini",
    "weeks": "wks weke",
    "month": "maand inyanga",
    "months": "maande",
    "day": "dag usuku",
    "days": "dae",
    "next": "nxt volgende elizayo ozayo ezayo eyinaleyo komende aanstaande",
    "this": "hierdie lelisonto leli",
    "last": "verlede laas laaste",
    "or": "noma kumbe oftewel goba",
    "and": "en",
    "not": "nie geen cannot",
    "except": "excluding exclude excl xcept expect apart besides behalwe uitgesluit "
    "ngaphandle",
    "after": "aft na afta emuva",
    "before": "b4 bfore befor voor",
    "between": "btwn btw tussen",
    "from": "frm vanaf kusukela",
    "until": "till til tot kuze",
    "around": "round abt roundabout approx roughly plusminus omtrent ongeveer",
    "any": "enige eny",
    "time": "tyd",
    "asap": "urgent urgently dringend soonest soon gou ngokushesha vinnig asp",
    "please": "pls plz plse asb asseblief ngicela",
    "fine": "gud orraait reg goed kulungile",
    "half": "halwe",
    "quarter": "kwart",
    "noon": "noontime",
    "midnight": "middernag",
}
NUMBERS = {
    "2": "two twee",
    "3": "three drie",
    "4": "four vier",
    "5": "five vyf",
    "6": "six ses",
    "7": "seven sewe",
    "8": "eight agt",
    "9": "nine nege",
    "10": "ten tien",
    "11": "eleven elf",
    "12": "twelve twaalf",
    "14": "fourteen veertien",
    "15": "fifteen vyftien",
    "16": "sixteen sestien",
    "17": "seventeen sewentien",
    "18": "eighteen agtien",
    "19": "nineteen negentien",
    "20": "twenty twintig",
    "30": "thirty dertig",
    "3rd": "third derde",
    "4th": "fourth vierde",
    "5th": "fifth vyfde",
    "6th": "sixth sesde",
    "7th": "seventh sewende",
    "8th": "eighth agste",
    "9th": "ninth negende",
    "10th": "tenth tiende",
    "11th": "eleventh elfde",
    "12th": "twelfth twaalfde",
    "13th": "thirteenth dertiende",
    "14th": "fourteenth",
    "15th": "fifteenth",
    "16th": "sixteenth sestiende",
    "17th": "seventeenth sewentiende",
    "18th": "eighteenth agtiende",
    "19th": "nineteenth negentiende",
    "20th": "twentieth twintigste",
    "30th": "thirtieth",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Spelling is only ever corrected towards these.
OFTEN_MISSPELT = _words(
    """
    tomorrow today yesterday morning afternoon evening tonight weekend weekends
    weekdays mornings afternoons evenings january february september october
    november december oggend middag maandag dinsdag woensdag donderdag vrydag
    saterdag ulwesibili ulwesithathu ulwesine ulwesihlanu umgqibelo umsombuluko
    """
)
# Words of their own that look like a misspelt one.
NOT_MISSPELT = _words(
    """
    moaning mourning warning meaning toady weekly weekday eventing monthly sundry
    sundae sandy mandy monkey toddy
    """
)
# Words that say nothing of their own beside a day.
FILLERS = _words(
    """
    a an the i you u we me my it its is am are be to at on in of for by with can
    could may might would like love prefer want need will do does have has get
    come see book make please ok okay fine good great works work suits best only
    just maybe perhaps also hi hello hey there thanks thank time day one
    appointment visit slot some sometime about around possible available free open
    if else either both then that this yes no not but so week early late die om ek
    wil graag kom vir dankie kan ons ngi nge lead really rather better as what any
    let us how anything something date
    """
)
