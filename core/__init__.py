"""What every room of the house stands on.

Settings, database, the unit of work, identity, permissions, workflow, audit, clock and work calendar, documents, jobs,
notifications, language, PDF, spreadsheets and money. It knows nothing of tenders, agencies, experts or reports: upper
packages fill the registries in `core.ports`, the policy in `core.permissions` and the events in `core.events`.
"""
