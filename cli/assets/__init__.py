"""The verbs of ``xianjie asset``, in the order of an asset's life."""
