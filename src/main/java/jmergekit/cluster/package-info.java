/// Jobs that run in other processes, on this machine or on others. The provider is looked up on
/// demand; nothing here depends on it.
@org.jspecify.annotations.NullMarked
package jmergekit.cluster;
