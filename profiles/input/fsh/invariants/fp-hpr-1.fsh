Invariant: fp-hpr-1
Description: "Et HPR-nummer har inntil ni siffer og begynner ikke med 0."
Severity: #error
Expression: "value.exists() implies value.matches('^[1-9][0-9]{0,8}$')"
* insert TranslatedText(human, [["Eit HPR-nummer har inntil ni siffer og byrjar ikkje med 0."]], [["An HPR number has up to nine digits and does not start with 0."]])
