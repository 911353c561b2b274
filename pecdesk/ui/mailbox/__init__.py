"""What there is to read: the side bar with its places, the search field, and the list of transmissions.

Reading order: `place`, `side_bar`; `list_source` asks for ids, `row_difference` and `transmission_list_model` keep the
list in step with them, `list_geometry` and `transmission_list_view` place and `row_layout` and `row_delegate` paint;
`mailbox` joins them with `search_bar`.
"""
