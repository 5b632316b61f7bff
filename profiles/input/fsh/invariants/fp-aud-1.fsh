Invariant: fp-aud-1
Description: "Loggen har ikke fødselsnummer eller D-nummer til ansatte."
Severity: #error
Expression: "who.identifier.where(system in ('urn:oid:2.16.578.1.12.4.1.4.1' | 'urn:oid:2.16.578.1.12.4.1.4.2')).empty()"
* insert TranslatedText(human, [["Loggen har ikkje fødselsnummer eller D-nummer til tilsette."]], [["The log has no national identity number of staff."]])
