// Months +80 (Tenor), +65 (NHN) and +40 (Dolly) are synthetic persons. Nothing else is read out of the number: not sex, not century.

Invariant: fp-fnr-1
Description: "Et fødselsnummer må ha 11 siffer og begynne med en dato."
Severity: #error
Expression: "value.exists() implies value.matches('^((0[1-9]|1[0-9]|2[0-8])(01|02|03|04|05|06|07|08|09|10|11|12|41|42|43|44|45|46|47|48|49|50|51|52|66|67|68|69|70|71|72|73|74|75|76|77|81|82|83|84|85|86|87|88|89|90|91|92)[0-9]{2}|(29|30)(01|03|04|05|06|07|08|09|10|11|12|41|43|44|45|46|47|48|49|50|51|52|66|68|69|70|71|72|73|74|75|76|77|81|83|84|85|86|87|88|89|90|91|92)[0-9]{2}|29(02|42|67|82)([02468][048]|[13579][26])|31(01|03|05|07|08|10|12|41|43|45|47|48|50|52|66|68|70|72|73|75|77|81|83|85|87|88|90|92)[0-9]{2})[0-9]{5}$')"
* insert TranslatedText(human, [["Eit fødselsnummer må ha 11 siffer og byrje med ein dato."]], [["A fødselsnummer must have 11 digits and start with a date."]])
