import pytest

from earmark.catalogue.language import language_of_lyrics

TEXTS = {
    "en": "I walk the line because you are mine\n"
    "and I will be with you in the night\n"
    "this is what you said to me, don't go",
    "de": "Ich gehe durch die Straßen der Nacht und du bist nicht bei mir\n"
    "was soll ich nur tun, es ist so kalt ohne dich",
    "fr": "Je marche dans les rues de la ville et tu n'es pas avec moi\n"
    "que faire pour toi, c'est la nuit qui tombe sur nous",
    "es": "Camino por las calles de la ciudad y no estás conmigo\n"
    "que quiero yo si tu te vas, es la noche en mi corazón por ti",
    "it": "Cammino per le strade della città e tu non sei con me\n"
    "che cosa sono io se non ti vedo più, è la notte in cui mi perdo",
    "pt": "Eu ando pela rua e você não está aqui\n"
    "quando vou te ver de novo, meu amor, que é tudo pra mim em um dia",
    "nl": "Ik loop door de straat en jij bent niet bij mij\n"
    "wat moet ik nog zeggen, het is zo koud in mijn hart, maar ik wacht op je",
    "sv": "Jag går på gatan och du är inte här med mig\n"
    "vad ska jag göra när det är så kallt, jag har dig i mitt hjärta",
    "pl": "Idę ulicą i nie ma cię tu, co mam zrobić, że jest tak zimno\n"
    "ja wiem, że już nie ma mnie dla ciebie, ale ty o mnie nie zapomnij",
    "fi": "Mä kävelen kadulla ja sä et oo täällä, mutta minä tiedän että se on niin\n"
    "vain sun kanssa oon nyt mun kotona",
    "tr": "Ben bu gece seni düşünüyorum, sen yok gibi, her şey için çok geç ama beni bekle, sana geldim bir gün",
    "ja": "夜の街を歩いている君のことを考えながら",
    "ru": "Я иду по улице, и ты не со мной, что мне делать этой ночью",
    "uk": "Я йду вулицею, і ти не зі мною, що мені робити цієї ночі її",
    "ko": "밤거리를 걸으며 너를 생각해 오늘도",
    "zh": "我走在夜晚的街上想着你你不在我身边",
}  # fmt: skip


@pytest.mark.parametrize("code", TEXTS)
def test_two_lines_tell_the_language(code):
    found = language_of_lyrics(TEXTS[code])
    assert found.code == code
    assert 0.25 <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", "la la la la na na na hey", "1 2 3", "ooh baby", "x" * 500, "яя"])
def test_what_says_too_little_is_no_language(text):
    assert language_of_lyrics(text) is None


def test_two_languages_in_equal_parts_are_less_sure_than_one():
    mixed = language_of_lyrics(TEXTS["de"] + "\n" + TEXTS["fr"])
    assert mixed is None or mixed.confidence < language_of_lyrics(TEXTS["de"]).confidence
