"""The sentences that an order's papers and mail hold about its tax, in both languages."""

from common.languages import ENGLISH, ITALIAN

REVERSE_CHARGE, EXPORT, UNCONFIRMED = "reverse_charge", "export", "unconfirmed"

# Directive 2006/112/EC, articles 226 (11a) and 138; D.L. 331/1993, article 41; D.P.R. 633/1972, article 8.
_SENTENCES = {
    (REVERSE_CHARGE, ENGLISH): """
        Reverse charge: intra-Community supply exempt from VAT (Article 138 of Directive 2006/112/EC);
        the VAT is due by the recipient, VAT number {number}.""",
    (REVERSE_CHARGE, ITALIAN): """
        Inversione contabile: cessione intracomunitaria non imponibile (art. 41 D.L. 331/1993,
        art. 138 direttiva 2006/112/CE); l'imposta è dovuta dal destinatario, numero IVA {number}.""",
    (EXPORT, ENGLISH): """
        Export: no VAT is charged (Article 146 of Directive 2006/112/EC);
        import duties and taxes may be due on delivery.""",
    (EXPORT, ITALIAN): """
        Esportazione: operazione non imponibile IVA (art. 8 D.P.R. 633/1972);
        alla consegna possono essere dovuti dazi e imposte d'importazione.""",
    (UNCONFIRMED, ENGLISH): """
        The VAT number {number} is not confirmed, so VAT is charged as to a consumer.""",
    (UNCONFIRMED, ITALIAN): """
        Il numero IVA {number} non è confermato, quindi l'IVA si applica come a un consumatore.""",
}


def note_of(name: str, language: str | None, vat_number: str | None = None) -> str:
    """The sentence in a language, else English; it names the `vat_number` that it tells of."""
    sentence = _SENTENCES[name, ITALIAN if language == ITALIAN else ENGLISH]
    return " ".join(sentence.split()).format(number=vat_number)
