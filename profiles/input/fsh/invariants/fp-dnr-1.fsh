Invariant: fp-dnr-1
Description: "Et D-nummer må ha 11 siffer og begynne med en dato der dagen er økt med 40."
Severity: #error
Expression: "value.exists() implies value.matches('^((4[1-9]|5[0-9]|6[0-8])(01|02|03|04|05|06|07|08|09|10|11|12|41|42|43|44|45|46|47|48|49|50|51|52|66|67|68|69|70|71|72|73|74|75|76|77|81|82|83|84|85|86|87|88|89|90|91|92)[0-9]{2}|(69|70)(01|03|04|05|06|07|08|09|10|11|12|41|43|44|45|46|47|48|49|50|51|52|66|68|69|70|71|72|73|74|75|76|77|81|83|84|85|86|87|88|89|90|91|92)[0-9]{2}|69(02|42|67|82)([02468][048]|[13579][26])|71(01|03|05|07|08|10|12|41|43|45|47|48|50|52|66|68|70|72|73|75|77|81|83|85|87|88|90|92)[0-9]{2})[0-9]{5}$')"
* insert TranslatedText(human, [["Eit D-nummer må ha 11 siffer og byrje med ein dato der dagen er auka med 40."]], [["A D-number must have 11 digits and start with a date whose day is raised by 40."]])
