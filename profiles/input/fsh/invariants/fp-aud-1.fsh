Invariant: fp-aud-1
Description: "Loggen skal ikke ha fødselsnummer eller D-nummer til ansatte."
Severity: #error
Expression: "who.identifier.where(system in ('urn:oid:2.16.578.1.12.4.1.4.1' | 'urn:oid:2.16.578.1.12.4.1.4.2')).empty()"
* insert TranslatedText(human, [["Loggen skal ikkje ha fødselsnummer eller D-nummer til tilsette."]], [["The log must not have national identity numbers of staff."]])
