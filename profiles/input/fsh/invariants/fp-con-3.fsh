Invariant: fp-con-3
Description: "Grunnen til en sperring må være en kode fra listen over grunner til sperring."
Severity: #error
Expression: "provision.code.all(coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-blocking-reason' and code in ('pasientens-onske' | 'foresattes-onske' | 'ungdommens-onske')).exists())"
* insert TranslatedText(human, [["Grunnen til ei sperring må vere ein kode frå lista over grunnar til sperring."]], [["The reason of a block must be a code from the list of reasons for blocking."]])
