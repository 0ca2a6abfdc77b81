"""Common Afrikaans and isiZulu wordings, by the shipped rules alone."""

import pytest

from addons.safety.detector import RedFlagJudge


@pytest.fixture(scope="module")
def judge() -> RedFlagJudge:
    return RedFlagJudge.from_folder()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("my borskas is seer", "CARDIAC"),
        ("ek het borspyn en sweet", "CARDIAC"),
        ("isifuba sami sibuhlungu", "CARDIAC"),
        ("ek kan nie asemhaal nie", "PE_BREATH"),
        ("angikwazi ukuphefumula", "PE_BREATH"),
        ("ek is lam tussen my bene", "CES_SADDLE"),
        ("ek kan nie pie nie", "CES_RETENTION"),
        ("angikwazi ukuchama", "CES_RETENTION"),
        ("my pa het hom natgemaak vanoggend", "CES_INCONT"),
        ("ngizichamele etekisini", "CES_INCONT"),
        ("ek kan nie my stoelgang hou nie", "CES_BOWEL"),
        ("albei my bene tintel", "CES_BILAT"),
        ("Ek kan nie my bene voel nie", "NEURO_SEVERE"),
        ("imilenze yami ayisebenzi", "NEURO_SEVERE"),
        ("my man se gesig hang aan die een kant", "STROKE"),
        ("sy het die hele boks pille gedrink", "OVERDOSE"),
        ("ek wil nie meer lewe nie", "MH_CRISIS"),
        ("ngifuna ukuzibulala", "MH_CRISIS"),
        ("ngifuna ukufa", "MH_CRISIS"),
        ("val van die dak af, my rug is seer", "TRAUMA_MAJOR"),
        ("ek is swanger en ek bloei", "PREG_EMERG"),
        ("my ma braak bloed", "NSAID_BLEED"),
    ],
)
def test_an_emergency_is_noticed_and_named(judge, text, flag):
    triage = judge.judge(text)

    assert triage.level == "emergency"
    assert triage.raised[0].id == flag


@pytest.mark.parametrize(
    "text",
    [
        "my rug is seer",
        "my bene is moeg na die gym",
        "kan ek more oggend kom",
        "ek kan nie Vrydag kom nie",
        "my nek is styf",
        "iqolo lami libuhlungu",
        "angikwazi ukuza namhlanje",
        "ngicela i-appointment",
        "ngifuna ukubhukha",
        "die kar se pap wiel, ek kan nie betyds wees nie",
    ],
)
def test_what_is_ordinary_stays_quiet(judge, text):
    assert judge.judge(text).level == "none"
