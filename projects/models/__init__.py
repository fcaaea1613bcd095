"""Tables of the project, indicator and indicator-system libraries."""

from projects.models.indicator_library import CommonIndicator
from projects.models.indicator_system import Indicator, IndicatorSystem
from projects.models.project import Project
from projects.models.project_words import ProjectWords
from projects.models.system_version import IndicatorSystemVersion

__all__ = ["CommonIndicator", "Indicator", "IndicatorSystem", "IndicatorSystemVersion", "Project", "ProjectWords"]
