"""A synthetic county-year of 六盘水 shape: places, money, projects and assets made up from a seed.

Everything but the names and codes of the city, its counties and its towns is invented.
"""
