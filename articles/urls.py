from django.urls import path

from articles.feeds import ArticleFeed
from articles.views import ArticleDetailView, ArticleListView, CategoryView

app_name = "articles"
urlpatterns = [
    path("", ArticleListView.as_view(), name="list"),
    path("feed.atom", ArticleFeed(), name="feed"),
    path("category/<slug:slug>/", CategoryView.as_view(), name="category"),
    path("category/<slug:slug>/feed.atom", ArticleFeed(), name="category_feed"),
    path("<slug:slug>/", ArticleDetailView.as_view(), name="detail"),
]
