Invariant: fp-dnr-1
Description: "Et D-nummer har 11 siffer og begynner med en dag pluss 40 og en måned."
Severity: #error
Expression: "value.exists() implies value.matches('^(4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2]|[48][1-9]|[59][0-2]|6[6-9]|7[0-7])[0-9]{7}$')"
* insert TranslatedText(human, [["Eit D-nummer har 11 siffer og byrjar med ein dag pluss 40 og ein månad."]], [["A D-number has 11 digits and starts with a day plus 40 and a month."]])
