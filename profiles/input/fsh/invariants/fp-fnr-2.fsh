// Numbers issued from 2032 may leave 1, 2 or 3 for the first check digit; those of today leave 0. Both are right now.

Invariant: fp-fnr-2
Description: "Kontrollsifrene i fødselsnummeret må stemme."
Severity: #error
Expression: "value.exists() implies ((value.substring(0,1).toInteger()*3 + value.substring(1,1).toInteger()*7 + value.substring(2,1).toInteger()*6 + value.substring(3,1).toInteger()*1 + value.substring(4,1).toInteger()*8 + value.substring(5,1).toInteger()*9 + value.substring(6,1).toInteger()*4 + value.substring(7,1).toInteger()*5 + value.substring(8,1).toInteger()*2 + value.substring(9,1).toInteger()) mod 11 in (0 | 1 | 2 | 3) and (value.substring(0,1).toInteger()*5 + value.substring(1,1).toInteger()*4 + value.substring(2,1).toInteger()*3 + value.substring(3,1).toInteger()*2 + value.substring(4,1).toInteger()*7 + value.substring(5,1).toInteger()*6 + value.substring(6,1).toInteger()*5 + value.substring(7,1).toInteger()*4 + value.substring(8,1).toInteger()*3 + value.substring(9,1).toInteger()*2 + value.substring(10,1).toInteger()) mod 11 = 0)"
* insert TranslatedText(human, [["Kontrollsifra i fødselsnummeret må stemme."]], [["The check digits of the fødselsnummer must be right."]])
