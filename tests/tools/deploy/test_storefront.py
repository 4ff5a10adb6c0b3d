"""The storefront's lines."""

from tools.deploy.storefront import storefront_lines

URL = "https://shop.test/prod"


def test_a_stage_of_everything_answers_for_each_variable() -> None:
    lines = storefront_lines(("catalog", "orders", "content", "shop", "etsy_sync"), URL)
    assert lines[0] == f"NEXT_PUBLIC_API_URL={URL}"
    assert len(lines) == 8
    assert all(line.endswith(f"={URL}") for line in lines)


def test_a_stage_of_one_domain_is_not_the_product_url() -> None:
    assert storefront_lines(("content",), URL) == [f"NEXT_PUBLIC_CONTENT_API_URL={URL}"]
    (line,) = storefront_lines(("catalog",), URL)
    assert line.startswith("(nothing")
