/**
 * Rules of the elements that StructureDefinitions define.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html
 */
import type { Rule } from './rules.ts';

export const DEFINITION_RULES = {
  'definition-context': [
    'invalid',
    'Only an extension says where it may stand, and this defines {type}',
    'Bare en utvidelse sier hvor den kan stå, og dette definerer {type}',
    'Berre ei utviding seier kvar ho kan stå, og dette definerer {type}',
  ],
  'constraint-source': [
    'invalid',
    'The source of the new constraint {key} is this definition, not {source}',
    'Kilden til den nye regelen {key} er denne definisjonen, ikke {source}',
    'Kjelda til den nye regelen {key} er denne definisjonen, ikkje {source}',
  ],
  'constraint-key': [
    'invalid',
    'The key {key} is that of another constraint: {other}',
    'Nøkkelen {key} hører til en annen regel: {other}',
    'Nøkkelen {key} høyrer til ein annan regel: {other}',
  ],
  'type-profile': [
    'exception',
    'The profile {profile} is not of the type {type}',
    'Profilen {profile} er ikke av typen {type}',
    'Profilen {profile} er ikkje av typen {type}',
  ],
  'type-profile-modifier': [
    'exception',
    'The extension {profile} does not belong here: modifiers stand in modifierExtension, and only they',
    'Utvidelsen {profile} hører ikke hjemme her: de som endrer meningen, og bare de, står i modifierExtension',
    'Utvidinga {profile} høyrer ikkje heime her: dei som endrar meininga, og berre dei, står i modifierExtension',
  ],
  'type-target': [
    'exception',
    'A {type} cannot point at {profile}',
    'En {type} kan ikke peke på {profile}',
    'Ein {type} kan ikkje peike på {profile}',
  ],
  'slicing-single': [
    'not-found',
    '{path} has one value at most, and cannot be sliced',
    '{path} har høyst én verdi og kan ikke deles opp',
    '{path} har høgst éin verdi og kan ikkje delast opp',
  ],
  'discriminator-path': [
    'invalid',
    'The path {path} that tells the slices apart cannot be read: {why}',
    'Stien {path} som skiller delene, kan ikke leses: {why}',
    'Stien {path} som skil delane, kan ikkje lesast: {why}',
  ],
  'element-no-type': ['exception', 'The element {path} has no type', 'Elementet {path} har ingen type', 'Elementet {path} har ingen type'],
  'element-value-type': [
    'exception',
    'A value of the type {type} cannot stand here, only {types}',
    'En verdi av typen {type} kan ikke stå her, bare {types}',
    'Ein verdi av typen {type} kan ikkje stå her, berre {types}',
  ],
} as const satisfies Readonly<Record<string, Rule>>;
