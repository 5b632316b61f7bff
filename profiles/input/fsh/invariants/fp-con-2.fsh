// A nested provision is a block. Said as invariants because validators differ in how they follow constraints into a contentReference.

Invariant: fp-con-2
Description: "En sperring nekter innsyn (type deny) og navngir hvem den gjelder."
Severity: #error
Expression: "provision.all(type = 'deny' and actor.exists())"
* insert TranslatedText(human, [["Ei sperring nektar innsyn (type deny) og namngjev kven ho gjeld."]], [["A block denies access (type deny) and names whom it is for."]])
