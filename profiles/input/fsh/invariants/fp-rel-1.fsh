// no-basis binds these as required; the lists are repeated here because its package is not loaded.

Invariant: fp-rel-1
Description: "Koder for sivilstand, familierelasjon og foreldreansvar må finnes i kodeverkene til no-basis."
Severity: #error
Expression: "relationship.coding.where(system = 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation').all(code in ('mor' | 'far' | 'medmor' | 'barn' | 'søsken' | 'ektefelleEllerPartner' | 'dødfødtBarn')) and relationship.coding.where(system = 'http://hl7.no/fhir/CodeSystem/no-basis-marital-status').all(code in ('uoppgitt' | 'ugift' | 'gift' | 'enkeEllerEnkemann' | 'skilt' | 'separert' | 'registrertPartner' | 'separertPartner' | 'skiltPartner' | 'gjenlevende_partner')) and relationship.coding.where(system = 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility').all(code in ('felles' | 'mor' | 'far' | 'medmor' | 'andre' | 'ukjent'))"
* insert TranslatedText(human, [["Kodar for sivilstand, familierelasjon og foreldreansvar må finnast i kodeverka til no-basis."]], [["Codes of marital status, family relation and parental responsibility must be in the code systems of no-basis."]])
