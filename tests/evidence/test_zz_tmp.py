import pytest
from publishing.checks import Candidate, findings_in
from publishing.snapshots import Draft
from tests.factories import *
pytestmark = pytest.mark.django_db
def test_x():
    make_claim("a"); make_claim("b")
    p = make_article(title="Back pain at work", summary="What this page answers, in a sentence that says enough to choose it.", body="Some words stand here. [claim:a] [claim:b]\n\n[claim:a][claim:b]\n\n- [claim:a]\n")
    for f in findings_in(Candidate(Draft(p))): print(f.level, f.field, f.line, f)
