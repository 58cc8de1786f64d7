"""Sixty questions in eight languages, with what the grammar has to make of each: filter, what is denied, the rest."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question: the filter as text ("" for none), the concepts denied, and what is left for the encoder."""

    text: str
    where: str = ""
    denied: tuple[str, ...] = ()
    rest: str = ""


VOCALS, DRUMS, SAD, FAST = "voice/vocals", "instrument/drums", "mood/sadness", "character/fast"
SEVENTIES = "year BETWEEN 1970 AND 1979 OR year IS NULL"
EIGHTIES = "year BETWEEN 1980 AND 1989 OR year IS NULL"
NINETIES = "year BETWEEN 1990 AND 1999 OR year IS NULL"

QUESTIONS = [
    Question("rainy night jazz, no vocals, 80 to 100 bpm", "tempo BETWEEN 80 AND 100", (VOCALS,), "rainy night jazz"),
    Question("techno at 128 bpm", "tempo BETWEEN 124.2 AND 131.8", (), "techno"),
    Question("deep house between 118 and 122 BPM", "tempo BETWEEN 118 AND 122", (), "deep house"),
    Question("calm piano under 3 minutes", "duration <= 180", (), "calm piano"),
    Question("folk song in A minor", "key = 'A minor'", (), "folk song"),
    Question("something in F# major, not sad", "key = 'F# major'", (SAD,), "something"),
    Question("8A techno", "key = 'A minor'", (), "techno"),
    Question("soul from the 70s", SEVENTIES, (), "soul"),
    Question("pop before 1980", "year <= 1979 OR year IS NULL", (), "pop"),
    Question("metal without vocals or drums", "", (VOCALS, DRUMS), "metal"),
    Question("no nonsense punk", "", (), "no nonsense punk"),
    Question("jazz but no saxophone", "", (), "jazz"),
    Question("not too fast, acoustic guitar", "", (FAST,), "acoustic guitar"),
    Question("symphony longer than 20 minutes", "duration >= 1200", (), "symphony"),
    Question('"blue train"', "", (), ""),
    Question("a minor hit in a major way", "", (), "a minor hit in a major way"),
    # German
    Question("ruhige Klaviermusik ohne Schlagzeug", "", (DRUMS,), "ruhige Klaviermusik"),
    Question("schneller Techno über 140 bpm", "tempo >= 140", (), "schneller Techno"),
    Question("Jazz zwischen 90 und 110 BPM, kein Gesang", "tempo BETWEEN 90 AND 110", (VOCALS,), "Jazz"),
    Question("Rock aus den 80ern", EIGHTIES, (), "Rock"),
    Question("traurige Lieder in a-Moll", "key = 'A minor'", (), "traurige Lieder"),
    Question("kürzer als zwei Minuten, nicht traurig", "duration <= 120", (SAD,), ""),
    Question("90er Jahre Eurodance", NINETIES, (), "Eurodance"),
    # French
    Question("piano calme sans batterie", "", (DRUMS,), "piano calme"),
    Question("chanson triste de moins de trois minutes", "duration <= 180", (), "chanson triste"),
    Question("jazz entre 80 et 100 bpm", "tempo BETWEEN 80 AND 100", (), "jazz"),
    Question("musique des années 80, pas de voix", EIGHTIES, (VOCALS,), "musique"),
    Question("sonate en la mineur", "key = 'A minor'", (), "sonate"),
    Question("pas trop rapide, guitare", "", (FAST,), "guitare"),
    Question("disco à 120 bpm", "tempo BETWEEN 116.4 AND 123.6", (), "disco"),
    # Spanish
    Question("música tranquila sin voz", "", (VOCALS,), "música tranquila"),
    Question("rock de los años 70", SEVENTIES, (), "rock"),
    Question("más de 130 bpm, electrónica", "tempo >= 130", (), "electrónica"),
    Question("guitarra sin batería ni voz", "", (DRUMS, VOCALS), "guitarra"),
    Question("canción en mi menor", "key = 'E minor'", (), "canción"),
    Question("menos de cuatro minutos, alegre", "duration <= 240", (), "alegre"),
    # Portuguese
    Question("piano calmo sem bateria", "", (DRUMS,), "piano calmo"),
    Question("música dos anos 80", EIGHTIES, (), "música"),
    Question("samba acima de 100 bpm", "tempo >= 100", (), "samba"),
    Question("até 3 minutos, não triste", "duration <= 180", (SAD,), ""),
    Question("violão em ré maior", "key = 'D major'", (), "violão"),
    Question("sem vozes, relaxante", "", (VOCALS,), "relaxante"),
    # Japanese
    Question("ボーカルなしのジャズ", "", (VOCALS,), "ジャズ"),
    Question("悲しくないピアノ", "", (SAD,), "ピアノ"),
    Question("100〜120BPMのハウス", "tempo BETWEEN 100 AND 120", (), "ハウス"),
    Question("３分以内の静かな曲", "duration <= 180", (), "静かな曲"),
    Question("80年代のロック", EIGHTIES, (), "ロック"),
    Question("イ短調のソナタ", "key = 'A minor'", (), "ソナタ"),
    Question("ドラムとボーカルのないギター", "", (DRUMS, VOCALS), "ギター"),
    # Chinese
    Question("没有人声的爵士乐", "", (VOCALS,), "爵士乐"),
    Question("低于90bpm的钢琴曲", "tempo <= 90", (), "钢琴曲"),
    Question("90年代的摇滚，不要鼓", NINETIES, (DRUMS,), "摇滚"),
    Question("超过五分钟的交响乐", "duration >= 300", (), "交响乐"),
    Question("A小调吉他", "key = 'A minor'", (), "吉他"),
    # Russian
    Question("спокойная музыка без вокала", "", (VOCALS,), "спокойная музыка"),
    Question("рок 80-х годов", EIGHTIES, (), "рок"),
    Question("техно от 125 до 130 bpm", "tempo BETWEEN 125 AND 130", (), "техно"),
    Question("не грустная, короче трёх минут", "duration <= 180", (SAD,), ""),
    Question("соната ля минор", "key = 'A minor'", (), "соната"),
    Question("джаз без барабанов, около 100 bpm", "tempo BETWEEN 94 AND 106", (DRUMS,), "джаз"),
]
