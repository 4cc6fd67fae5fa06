"""Garbage text layers are recognised, and text of every script and kind is not taken for one."""

from string import ascii_lowercase

import pytest
from make import document, truth

from podprep.reading import garbled_pages
from podprep.reading.garble import looks_garbled

SHIFTED = "".join(chr(ord(c) - 29) if " " < c < "~" else c for c in "The bees fly home at noon and sleep. " * 3)
GARBAGE = ["\ufffd\ufffd", '"7+%-', "\ue001\ue002\ue003 \ue004\ue005", "(cid:12)(cid:34)(cid:7)(cid:55) of", SHIFTED,
           "\u0378\u0379 \u0378\u0379 \u0378"]
TEXT = [
    "", "12", "TestString123", "• • •", "One", "مرحبا بالعالم", "你好世界。", "สวัสดีชาวโลก", "こんにちは、世界",
    "नमस्ते दुनिया", "Привет, мир", "THE END OF THE WORLD AND OF ALL THINGS IN IT", "Contents\nI. Bees .......... 3\nII. Wax .......... 9",
    "3.14 2.72 1.41 1.73 5.0% 12/24 10:30", "The value +3 ± 2 °C (p < 0.05) was found in 12 of 15 cases.",
]

CODE = """Lists with same numId in different cells
• Cell 1 item 1\n• Cell 1 item 2\n• R1C1 item 1\n• R1C2 item 2\n• R2C1 item 1
https://example.org/archives/45-PHP-5.2.0-and-allow_url_include.html https://a.example/b/c?d=e&f=g%20h
for (index=0; index<length(words); index++) { total+=weight[index]*count(words[index]); } if(!total){raise("none");}
QmFzZTY0IGlzIG5vIGxhbmd1YWdlLCBidXQgaXQgaXMgbm8gZ2FyYmFnZSBlaXRoZXI= AD9361_P0_D[11:0] s_axis_data_tdata[31:0]"""
LANGUAGES = {
    "English": "",
    "Finnish": """Talvella järvet jäätyvät, ja lapset luistelevat illalla lyhtyjen valossa, kunnes äiti kutsuu heidät
        syömään lämmintä keittoa ja leipää. Isoisä istuu uunin vieressä, korjaa vanhoja verkkoja ja kertoo tarinoita
        merestä, jonka takana hän nuorena kävi. Kissa nukkuu penkillä, ulkona tuulee, eikä kukaan lähde enää metsään.
        Aamulla lumi peittää polut, ja postinkantaja hiihtää talosta taloon kirjeet repussaan, punaiset posket
        pakkasesta kiiltäen. Naapurin koira haukkuu hänelle joka päivä, mutta heiluttaa silti iloisesti häntäänsä.""",
    "Polish": """Zimą dzieci jeżdżą na łyżwach po zamarzniętym stawie, aż matka zawoła je na gorącą zupę i świeży chleb.
        Dziadek siedzi przy piecu, naprawia stare sieci i opowiada historie o morzu, za którym był jako młody człowiek.
        Kot śpi na ławce, na dworze wieje wiatr i nikt już nie idzie do lasu. Rano śnieg przykrywa ścieżki, a listonosz
        biegnie na nartach od domu do domu z listami w plecaku, z policzkami czerwonymi od mrozu. Pies sąsiada szczeka
        na niego każdego dnia, lecz mimo to wesoło macha ogonem, bo dobrze wie, że dostanie kawałek kiełbasy.""",
    "Turkish": """Kışın çocuklar donmuş gölün üzerinde kayarlar, ta ki anneleri onları sıcak çorba ve taze ekmek için
        çağırana kadar. Dede sobanın yanında oturur, eski ağları onarır ve gençken gittiği denizin ötesini anlatır. Kedi
        sedirin üstünde uyur, dışarıda rüzgâr eser, artık kimse ormana gitmez. Sabah kar yolları örter, postacı sırtında
        mektuplarla evden eve kayarak dolaşır, yanakları soğuktan kızarmıştır. Komşunun köpeği her gün ona havlar, yine
        de neşeyle kuyruğunu sallar, çünkü bir parça sucuk alacağını çok iyi bilir.""",
    "Vietnamese": """Mùa đông trẻ em thường ngồi quanh bếp lửa nghe bà kể chuyện ngày xưa cho đến khi mẹ gọi vào ăn cơm
        chiều với canh nóng. Ông ngồi bên cửa sổ, vá lại những tấm lưới cũ và nhớ về vùng biển xa mà thời trẻ ông từng
        đi qua. Con mèo ngủ trên ghế, ngoài trời gió thổi mạnh, không còn ai muốn vào rừng nữa. Buổi sáng sương phủ kín
        các lối đi, người đưa thư đạp xe từ nhà này sang nhà khác, trên lưng mang theo một túi thư nặng. Con chó nhà
        hàng xóm ngày nào cũng sủa, nhưng vẫn vẫy đuôi mừng rỡ vì biết thế nào cũng được thưởng một miếng thịt ngon.""",
    "Greek": """Το χειμώνα τα παιδιά παίζουν στην παγωμένη λίμνη, ώσπου να τα φωνάξει η μητέρα για ζεστή σούπα και φρέσκο
        ψωμί. Ο παππούς κάθεται δίπλα στη σόμπα, επισκευάζει παλιά δίχτυα και διηγείται ιστορίες για τη θάλασσα που
        γνώρισε νέος. Η γάτα κοιμάται στον πάγκο, έξω φυσάει αέρας και κανείς δεν πηγαίνει πια στο δάσος. Το πρωί το
        χιόνι σκεπάζει τα μονοπάτια, και ο ταχυδρόμος γυρίζει από σπίτι σε σπίτι με γράμματα στην πλάτη, κόκκινος από
        το κρύο. Ο σκύλος του γείτονα γαβγίζει κάθε μέρα, όμως κουνάει χαρούμενος την ουρά του.""",
    "Russian": """Зимой дети катаются по замёрзшему пруду, пока мать не позовёт их есть горячий суп и свежий хлеб. Дедушка
        сидит у печи, чинит старые сети и рассказывает истории о море, за которым он побывал в молодости. Кошка спит на
        лавке, на дворе дует ветер, и никто уже не идёт в лес. Утром снег закрывает тропинки, а почтальон бежит на лыжах
        от дома к дому с письмами за спиной, с красными от мороза щеками. Соседская собака каждый день лает на него, но
        всё равно весело машет хвостом, потому что знает: ей достанется кусочек колбасы.""",
}


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage(text):
    assert looks_garbled(text)


@pytest.mark.parametrize("text", TEXT)
def test_text(text):
    assert not looks_garbled(text)


@pytest.mark.parametrize("line", [*CODE.split("\n"), CODE])
def test_addresses_code_and_lists_are_no_garbage(line):
    assert not looks_garbled(line)


def mixed(text, order):
    """The text with each letter of the alphabet in place of another."""
    return text.translate(str.maketrans(ascii_lowercase + ascii_lowercase.upper(), order + order.upper()))


@pytest.mark.parametrize("text", [text or truth()[:3000] for text in LANGUAGES.values()], ids=LANGUAGES)
def test_languages_are_told_from_letters_that_stand_for_others(text):
    assert not looks_garbled(text)
    if set(text.lower()) & set("etaoin") and "đ" not in text:
        assert looks_garbled(mixed(text, "zabcdefghijklmnopqrstuvwxy"))
        assert looks_garbled(mixed(text, "qwertzuiopasdfghjklyxcvbnm"))


@pytest.mark.parametrize("shift", range(1, 26))
def test_every_shift_is_found(shift):
    assert looks_garbled(mixed(truth()[:4000], ascii_lowercase[shift:] + ascii_lowercase[:shift]))


def test_a_drawing_made_of_letters_is_no_garbage():
    waves = " ".join("d" * (3 + n % 17) + "l" * (n // 17) for n in range(200))
    assert not looks_garbled(f"{waves} {truth()[:2000]}")


def test_what_stands_for_nothing_is_counted():
    assert document("A \ufffd and \ufffd.", "Fine.").unreadable == 2


def test_pages_are_named():
    assert not looks_garbled(truth())
    assert garbled_pages(document(TEXT[-1], SHIFTED, "Fine words.")) == (2,)
