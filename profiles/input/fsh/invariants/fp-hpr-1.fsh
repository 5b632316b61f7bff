Invariant: fp-hpr-1
Description: "Et HPR-nummer må ha sju til ni siffer og ikke begynne med 0."
Severity: #error
Expression: "value.exists() implies value.matches('^[1-9][0-9]{6,8}$')"
* insert TranslatedText(human, [["Eit HPR-nummer må ha sju til ni siffer og ikkje byrje med 0."]], [["An HPR number must have seven to nine digits and not start with 0."]])
