// A nested provision is a block. Said as invariants because validators differ in how they follow constraints into a contentReference.

Invariant: fp-con-2
Description: "En sperring må nekte innsyn (type deny) og navngi hvem den gjelder."
Severity: #error
Expression: "provision.all(type = 'deny' and actor.exists())"
* insert TranslatedText(human, [["Ei sperring må nekte innsyn (type deny) og namngje kven ho gjeld."]], [["A block must deny access (type deny) and name whom it is for."]])
