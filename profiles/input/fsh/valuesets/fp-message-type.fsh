ValueSet: FpMessageTypeVS
Id: fp-message-type
Title: "Meldingstype"
Description: "Elektronisk melding mellom kommune og sykehus som det er spor av i planen."
* insert Head
* insert TitleIn([["Meldingstype"]], [["Message type"]])
* insert DescriptionIn([["Elektronisk melding mellom kommune og sjukehus som det er spor av i planen."]], [["Electronic message between municipality and hospital that leaves a trace in the plan."]])
* ^experimental = false
* include codes from system FpMessageType
