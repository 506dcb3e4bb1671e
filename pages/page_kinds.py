"""Every kind of page there is, for what concerns them all."""

from articles.models import Article
from conditions.models import Condition
from pages.models import InformationPage
from publishing.models import Page
from treatments.models import Treatment

PAGE_KINDS: tuple[type[Page], ...] = (Condition, Article, Treatment, InformationPage)
