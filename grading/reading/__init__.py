"""From a DOCX or PDF file to one document model.

`document` holds the model, `sandbox.read` is the entrance that everything outside uses: it reads in a process of
its own
with limits of time, memory and pages, and raises `refusal.Unreadable` with one clear sentence where a file is no
readable report.
"""
