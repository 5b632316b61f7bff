// The trace only: which message, when, from whom, about what. The message itself stays with those who sent and received it.

Profile: FpMessageTrace
Parent: Communication
Id: fp-message-trace
Title: "Spor av melding"
Description: "En elektronisk melding (PLO) mellom kommune og sykehus: type, avsender, mottaker og tid."
* insert Head
* insert TitleIn([["Spor av melding"]], [["Trace of a message"]])
* insert DescriptionIn([["Ei elektronisk melding (PLO) mellom kommune og sjukehus: type, avsendar, mottakar og tid."]], [["An electronic message (PLO) between municipality and hospital: type, sender, receiver and time."]])
* obeys fp-msg-1
* category 1..1
* category from FpMessageTypeVS (required)
* subject 1..1
* subject only Reference(FpPatient)
* sent 1..1
* sender 1..1
* sender only Reference(FpOrganization)
* recipient 1..*
* recipient only Reference(FpOrganization)
