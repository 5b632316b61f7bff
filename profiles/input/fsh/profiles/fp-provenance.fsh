Profile: FpProvenance
Parent: Provenance
Id: fp-provenance
Title: "Opphav"
Description: "Hvem som endret hvilken versjon, for hvilken organisasjon og med hvilket formål."
* insert Head
* insert TitleIn([["Opphav"]], [["Provenance"]])
* insert DescriptionIn([["Kven som endra kva versjon, for kva organisasjon og med kva føremål."]], [["Who changed which version, on behalf of which organisation and for what purpose."]])
* target obeys fp-prov-2
* reason 1..*
* reason from $PurposeOfUse (extensible)
* activity 1..1
* agent obeys fp-prov-1
* agent.onBehalfOf only Reference(FpOrganization)
