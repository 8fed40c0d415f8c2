"""Everything about outlining, labelling and classifying crystals that is true without a screen."""
