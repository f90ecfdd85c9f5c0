/// Output folders on disk: what a run wrote there, the names beside them that runs use, and what
/// interrupted runs left.
@NullMarked
package jmergekit.model.publish;

import org.jspecify.annotations.NullMarked;
