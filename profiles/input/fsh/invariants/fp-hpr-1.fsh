Invariant: fp-hpr-1
Description: "Et HPR-nummer har sju til ni siffer og begynner ikke med 0."
Severity: #error
Expression: "value.exists() implies value.matches('^[1-9][0-9]{6,8}$')"
* insert TranslatedText(human, [["Eit HPR-nummer har sju til ni siffer og byrjar ikkje med 0."]], [["An HPR number has seven to nine digits and does not start with 0."]])
