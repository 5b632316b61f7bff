// A request without a token, refused.
Instance: audit-event-denied
InstanceOf: FpAuditEvent
Usage: #example
* type = $audit-type#rest
* subtype = $restful#search-type "search-type"
* action = #E
* recorded = "2026-11-03T09:00:00+01:00"
* outcome = #8
* outcomeDesc = "Ingen innlogging"
* agent.who.display = "Ukjent"
* agent.requestor = true
* source.observer.display = "Fellesplan"
* entity.query = "UGF0aWVudD9uYW1lPVg="
