Invariant: fp-psfs-qr-6
Description: "En ferdig samtale må si hvilken retning skalaen har: 0 = kan ikke, 10 = kan uten vansker."
Severity: #error
Expression: "status in ('completed' | 'amended') implies item.where(linkId = 'direction').answer.value.where(system = 'https://fellesplan.example/fhir/CodeSystem/fp-psfs-direction' and code = '0-cannot-10-without-difficulty').exists()"
* insert TranslatedText(human, [["Ein ferdig samtale må seie kva retning skalaen har: 0 = kan ikkje, 10 = kan utan vanskar."]], [["A completed conversation must state the direction of the scale: 0 = cannot, 10 = without difficulty."]])
