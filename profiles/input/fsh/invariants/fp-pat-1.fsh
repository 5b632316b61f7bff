Invariant: fp-pat-1
Description: "En pasient må ha minst én nasjonal identifikator: fødselsnummer, D-nummer eller felles hjelpenummer."
Severity: #error
Expression: "identifier.exists() implies identifier.where(system in ('urn:oid:2.16.578.1.12.4.1.4.1' | 'urn:oid:2.16.578.1.12.4.1.4.2' | 'urn:oid:2.16.578.1.12.4.1.4.3')).exists()"
* insert TranslatedText(human, [["Ein pasient må ha minst éin nasjonal identifikator: fødselsnummer, D-nummer eller felles hjelpenummer."]], [["A patient must have at least one national identifier: fødselsnummer, D-number or felles hjelpenummer."]])
