"""Whether the gain from scaling a layer follows its firing rate or its depth."""
