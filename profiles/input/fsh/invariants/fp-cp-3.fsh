Invariant: fp-cp-3
Description: "Planen må ha SNOMED CT-koden 734163000 (care plan) i kategorien."
Severity: #error
Expression: "category.coding.where(system = 'http://snomed.info/sct' and code = '734163000').exists()"
* insert TranslatedText(human, [["Planen må ha SNOMED CT-koden 734163000 (care plan) i kategorien."]], [["The plan must have the SNOMED CT code 734163000 (care plan) in its category."]])
