// Months +80 (Tenor), +65 (NHN) and +40 (Dolly) are synthetic persons. Nothing else is read out of the number: not sex, not century.

Invariant: fp-fnr-1
Description: "Et fødselsnummer har 11 siffer og begynner med en dag og en måned."
Severity: #error
Expression: "value.exists() implies value.matches('^(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2]|[48][1-9]|[59][0-2]|6[6-9]|7[0-7])[0-9]{7}$')"
* insert TranslatedText(human, [["Eit fødselsnummer har 11 siffer og byrjar med ein dag og ein månad."]], [["A fødselsnummer has 11 digits and starts with a day and a month."]])
