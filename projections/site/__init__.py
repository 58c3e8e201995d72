"""The static site: pages that anybody can read, print and check, cut from the ledger at one position.

No server, no script that is needed, no request to anywhere: a folder of files that is the same, byte for byte, whenever
it is built from the same position. ``build`` says which pages there are, ``pages`` renders them, ``charts`` draws.
"""
