Invariant: fp-con-3
Description: "Grunnen til en sperring er en kode fra listen over grunner til sperring."
Severity: #error
Expression: "provision.code.all(coding.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-blocking-reason' and code in ('pasientens-onske' | 'foresattes-onske' | 'ungdommens-onske')).exists())"
* insert TranslatedText(human, [["Grunnen til ei sperring er ein kode frå lista over grunnar til sperring."]], [["The reason of a block is a code from the list of reasons for blocking."]])
