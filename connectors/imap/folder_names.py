"""The names that mail clients and providers give to special folders, for servers without RFC 6154."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()).casefold() for name in text.split(","))


DRAFTS = _names("""
    Drafts, Draft, Entwürfe, Brouillons, Borradores, Bozze, Rascunhos, Concepten, Kopie robocze, Szkice, Robocze,
    Utkast, Kladder, Luonnokset, Koncepty, Rozpracované, Piszkozatok, Ciorne, Taslaklar, Черновики, Чернетки, Πρόχειρα,
    下書き, 草稿, 草稿箱, 草稿匣, 임시보관함, 임시 보관함, مسودات, טיוטות
""")
SENT = _names("""
    Sent, Sent Items, Sent Messages, Sent Mail, Gesendet, Gesendete Elemente, Gesendete Objekte, Gesendete Nachrichten,
    Envoyés, Messages envoyés, Éléments envoyés, Enviados, Elementos enviados, Mensajes enviados, Itens enviados,
    Posta inviata, Inviata, Inviati, Verzonden, Verzonden items, Wysłane, Elementy wysłane, Skickat, Sendt,
    Sendte elementer, Lähetetyt, Odeslané, Odeslaná pošta, Elküldött, Trimise, Gönderilmiş Öğeler, Отправленные,
    Надіслані, Απεσταλμένα, 送信済み, 送信済みメール, 送信済みアイテム, 已发送, 已傳送, 寄件備份,
    보낸편지함, 보낸 편지함
""")
TRASH = _names("""
    Trash, Deleted, Deleted Items, Deleted Messages, Bin, Papierkorb, Gelöscht, Gelöschte Elemente, Corbeille,
    Éléments supprimés, Papelera, Elementos eliminados, Cestino, Posta eliminata, Lixeira, Itens excluídos, Prullenbak,
    Verwijderde items, Kosz, Elementy usunięte, Papperskorgen, Papirkurv, Roskakori, Koš, Kuka, Coș de gunoi, Çöp,
    Корзина, Кошик, Κάδος απορριμμάτων, ゴミ箱, 已删除, 垃圾桶, 휴지통
""")
JUNK = _names("""
    Junk, Junk Mail, Junk-E-Mail, Junk E-mail, Spam, Bulk Mail, Bulk, Spamverdacht, Unerwünscht, Indésirables,
    Courrier indésirable, Correo no deseado, No deseado, Posta indesiderata, Indesiderata, Lixo Eletrônico,
    Lixo eletrónico, Ongewenste e-mail, Ongewenst, Wiadomości-śmieci, Niechciane, Skräppost, Søppelpost, Roskaposti,
    Nevyžádaná pošta, Nevyžádané, Levélszemét, Спам, 迷惑メール, 垃圾邮件, 垃圾郵件, 스팸메일함
""")
ARCHIVE = _names("""
    Archive, Archives, Archiv, Archivio, Archivo, Arquivo, Archief, Archiwum, Arkiv, Arkisto, Archív, Архив, Архів,
    Αρχείο, アーカイブ, 归档, 封存, 보관함, All Mail
""")
