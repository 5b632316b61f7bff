// Says nothing when the patient cannot be looked up.

Invariant: fp-cfs-3
Description: "CFS er ikke validert for personer under 65 år."
Severity: #warning
Expression: "effective.exists() implies subject.resolve().ofType(Patient).where(birthDate > %resource.effective.toString().substring(0, 10).toDate() - 65 years).empty()"
* insert TranslatedText(human, [["CFS er ikkje validert for personar under 65 år."]], [["CFS is not validated for people under 65."]])
