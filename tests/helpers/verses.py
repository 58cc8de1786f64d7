"""Twelve verses of our own in eight languages, each with questions of what it is about, in this language and others."""

VERSES = {
    "train": (
        "The station is empty at a quarter to three\n"
        "I carry my suitcase, there's no one with me\n"
        "The whistle is blowing, the wheels start to roll\n"
        "Goodbye to the town with the coal in its soul\n"
        "I'm leaving on rails and I will not come home"
    ),
    "sea": (
        "Das Schiff fährt hinaus in den grauen Wind\n"
        "Die Wellen sind höher als Häuser es sind\n"
        "Der Kapitän lacht und die Möwen schrein\n"
        "Wir werden im Hafen erst übermorgen sein\n"
        "O Meer, o Meer, nimm meine Sorgen mit"
    ),
    "mother": (
        "Madre, tus manos huelen a pan\n"
        "me enseñaste a leer y también a esperar\n"
        "cuando yo era niño y no podía dormir\n"
        "tú cantabas bajito muy cerca de mí\n"
        "madre, vuelvo a casa por Navidad"
    ),
    "party": (
        "On danse toute la nuit dans la rue d'à côté\n"
        "les verres sont pleins et les voisins réveillés\n"
        "monte le son, personne ne veut rentrer\n"
        "demain c'est dimanche, on pourra se reposer"
    ),
    "war": (
        "They gave him a rifle and sent him away\n"
        "the fields were on fire at the break of the day\n"
        "the letters stopped coming, his mother still waits\n"
        "no soldier comes back through the old iron gates"
    ),
    "money": (
        "O aluguel subiu e o salário não\n"
        "trabalho o dia inteiro por um pedaço de pão\n"
        "o patrão viaja e eu fico a contar\n"
        "as moedas que faltam para o mês terminar"
    ),
    "snow": (
        "За окном идёт снег, замело все пути\n"
        "в доме тепло, и некуда идти\n"
        "мы сидим у печи и пьём чай до утра\n"
        "а зима всё белей, тишина да метель"
    ),
    "break": (
        "You took all your records, you left me the key\n"
        "the side of the bed where you used to be\n"
        "I call but you never pick up the phone\n"
        "I'm learning to sleep in this room all alone"
    ),
    "god": (
        "Lord, hold up my hand when the river is wide\n"
        "I've nothing to fear with you by my side\n"
        "we'll sing hallelujah on that golden shore\n"
        "and praise your name, Father, for evermore"
    ),
    "car": (
        "Hundertachtzig auf der Autobahn\n"
        "Fenster auf und Radio an\n"
        "der Tank ist voll und du sitzt neben mir\n"
        "wir fahren nach Süden, nur weg von hier"
    ),
    "child": (
        "Chiudi gli occhi, piccolo mio\n"
        "la luna veglia, veglio anch'io\n"
        "dorme il gatto, dorme il cane\n"
        "domani ci sarà il pane\n"
        "ninna nanna, dormi già"
    ),
    "night": ("眠れない夜に窓を開けて\n星を数えてあなたを想う\n遠い街の灯りが揺れて\n会いたい気持ちが止まらない"),
}
ABOUT = {
    "train": ("leaving home by train", "mit dem Zug wegfahren", "partir en train", "поезд и вокзал", "電車で旅立つ"),
    "sea": ("a ship on the sea in a storm", "marins en mer", "barco en el mar", "海の船"),
    "mother": ("a song to my mother", "an meine Mutter", "chanson pour maman", "про маму"),
    "party": ("dancing all night", "wir feiern die ganze Nacht", "fiesta toda la noche", "踊り明かす"),
    "war": ("a soldier who dies in the war", "Krieg und Soldaten", "la guerra", "война"),
    "money": ("poor workers and the rent", "zu wenig Lohn zum Leben", "l'argent manque à la fin du mois", "no money"),
    "snow": ("snow and winter", "Schnee im Winter", "la neige dehors", "nieve"),
    "break": ("she left me and I am lonely", "verlassen worden", "rupture amoureuse", "失恋"),
    "god": ("faith in God", "Gott loben", "louange à dieu", "молитва Богу"),
    "car": ("driving fast in a car", "rouler en voiture", "conduciendo en la carretera", "ドライブ"),
    "child": ("a lullaby for a child", "Schlaflied für das Kind", "berceuse pour enfant", "колыбельная"),
    "night": (
        "sleepless night missing you",
        "ich vermisse dich in der Nacht",
        "les étoiles dans la nuit",
        "te extraño por la noche",
    ),
}
