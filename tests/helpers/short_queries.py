"""Eighty short questions in eight languages, with the concepts that either of them may mean. Ours; ten a language.

Half of them name a concept in a form of its own, half describe it without its name.
"""

CALM = ("mood/calmness", "use/relaxing", "character/quiet", "mood/mellow", "style/ambient", "style/new age")
HAPPY = ("mood/happy",)
DANCE = ("use/dancing", "mood/party", "genre/disco", "style/house", "style/techno")
ELECTRONIC = (
    "genre/electronic",
    "style/techno",
    "style/house",
    "style/electro",
    "instrument/synthesizer",
    "use/dancing",
)
METAL = ("genre/metal", "style/hard rock", "character/heavy")
SACRED = ("mood/solemnity", "voice/choir")
LOVE = ("mood/tenderness",)
RAP = ("genre/hiphop",)
WOMAN = ("voice/female voice",)
MAN = ("voice/male voice",)
FEAR = ("mood/tension", "dark")
POWER = ("mood/power", "scale/energy")
FOLK = ("style/folk", "character/acoustic")
STRINGS = ("instrument/strings", "instrument/violin", "instrument/cello", "genre/classical")

QUERIES = [
    ("en", "songs to cry to after a break-up", ("mood/sadness", "mood/sad")),
    ("en", "a lone cellist", ("instrument/cello",)),
    ("en", "guys shouting rhymes over beats", RAP),
    ("en", "monks singing in a cathedral", SACRED),
    ("en", "mirrorball night in 1977", ("genre/disco", "era/70s", *DANCE)),
    ("en", "crackling old gramophone record", ("era/60s or older",)),
    ("en", "blistering shredding with double kick drums", METAL),
    ("en", "soft music for a massage", CALM),
    ("en", "one-drop riddim from Kingston", ("genre/reggae",)),
    ("en", "a woman humming softly", WOMAN),
    ("de", "Musik zum Einschlafen für Babys", (*CALM, *LOVE)),
    ("de", "eine Frau singt", WOMAN),
    ("de", "harte verzerrte Gitarren", METAL),
    ("de", "Lieder am Lagerfeuer", FOLK),
    ("de", "Orchesterwerke von Beethoven", ("genre/classical", "instrument/strings")),
    ("de", "unheimliche Filmmusik", FEAR),
    ("de", "etwas Lustiges für Kinder", HAPPY),
    ("de", "Trauermusik für eine Beerdigung", (*SACRED, "mood/sadness")),
    ("de", "Querflöte", ("instrument/flute",)),
    ("de", "zum Tanzen in der Diskothek", DANCE),
    ("fr", "une berceuse pour endormir un enfant", (*LOVE, *CALM)),
    ("fr", "un homme à la voix grave", MAN),
    ("fr", "musique pour faire la fête", DANCE),
    ("fr", "chants d'église", SACRED),
    ("fr", "guitare sèche au coin du feu", (*FOLK, "instrument/guitar")),
    ("fr", "sons synthétiques et planants", (*ELECTRONIC, "style/ambient")),
    ("fr", "violons larmoyants", (*STRINGS, "mood/sadness")),
    ("fr", "une ambiance angoissante", FEAR),
    ("fr", "du blues du delta", ("genre/blues",)),
    ("fr", "très lent et mélancolique", ("character/slow", "mood/sadness")),
    ("es", "canciones para enamorados", LOVE),
    ("es", "una mujer cantando", WOMAN),
    ("es", "ritmos para mover el cuerpo", DANCE),
    ("es", "música de terror", FEAR),
    ("es", "solo de piano", ("instrument/piano", "character/solo")),
    ("es", "raperos callejeros", RAP),
    ("es", "música para estudiar concentrado", CALM),
    ("es", "guitarras distorsionadas y gritos", METAL),
    ("es", "himno glorioso y triunfal", (*POWER, "mood/solemnity")),
    ("es", "recuerdos de mi infancia", ("mood/nostalgia",)),
    ("pt", "saudades de casa", ("mood/nostalgia", "mood/sadness")),
    ("pt", "batida eletrônica para a pista", (*ELECTRONIC, *DANCE)),
    ("pt", "música para dormir", CALM),
    ("pt", "coral de igreja", SACRED),
    ("pt", "um homem cantando", MAN),
    ("pt", "tambores africanos", ("instrument/drums",)),
    ("pt", "algo bem animado e feliz", HAPPY),
    ("pt", "orquestra de cordas", STRINGS),
    ("pt", "reggae jamaicano", ("genre/reggae",)),
    ("pt", "cantora de ópera", ("style/opera", *WOMAN)),
    ("ja", "泣ける失恋ソング", ("mood/sadness",)),
    ("ja", "女の人が歌っている", WOMAN),
    ("ja", "寝る前に聴きたい音楽", CALM),
    ("ja", "激しいギターの音", (*METAL, "instrument/guitar", "genre/rock")),
    ("ja", "教会の合唱", SACRED),
    ("ja", "クラブで踊りたい", DANCE),
    ("ja", "ホラー映画の音楽", FEAR),
    ("ja", "ピアノの独奏", ("instrument/piano", "character/solo")),
    ("ja", "子どもの頃を思い出す", ("mood/nostalgia",)),
    ("ja", "ラッパーの曲", RAP),
    ("zh", "适合睡前听的音乐", CALM),
    ("zh", "女人的歌声", WOMAN),
    ("zh", "失恋时听的歌", ("mood/sadness",)),
    ("zh", "在俱乐部蹦迪", DANCE),
    ("zh", "恐怖片配乐", FEAR),
    ("zh", "小提琴独奏", ("instrument/violin", "character/solo")),
    ("zh", "重金属吉他", METAL),
    ("zh", "教堂里的歌声", SACRED),
    ("zh", "欢乐的儿童歌曲", HAPPY),
    ("zh", "史诗般的战斗音乐", POWER),
    ("ru", "музыка для сна", CALM),
    ("ru", "девушка поёт", WOMAN),
    ("ru", "страшная музыка из фильма ужасов", FEAR),
    ("ru", "песни о любви", LOVE),
    ("ru", "плакать от одиночества", ("mood/sadness",)),
    ("ru", "церковный хор", SACRED),
    ("ru", "бодрая музыка для тренировки", (*POWER, *DANCE)),
    ("ru", "читает рэп", RAP),
    ("ru", "скрипка и виолончель", STRINGS),
    ("ru", "тяжёлые гитары", METAL),
]
"""Language, question, concepts of which the first that is found must be one."""
