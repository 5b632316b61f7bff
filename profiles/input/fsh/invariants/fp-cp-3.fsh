Invariant: fp-cp-3
Description: "Kategorien til planen har SNOMED CT-koden 734163000 (care plan)."
Severity: #error
Expression: "category.coding.where(system = 'http://snomed.info/sct' and code = '734163000').exists()"
* insert TranslatedText(human, [["Kategorien til planen har SNOMED CT-koden 734163000 (care plan)."]], [["The category of the plan has the SNOMED CT code 734163000 (care plan)."]])
