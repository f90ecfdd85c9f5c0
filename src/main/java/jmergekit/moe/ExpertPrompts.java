package jmergekit.moe;

import java.util.List;

/// An expert's prompts as token ids.
record ExpertPrompts(List<int[]> positive, List<int[]> negative) {}
