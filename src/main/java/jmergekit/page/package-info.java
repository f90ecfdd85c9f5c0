/// Pages for people: one HTML file each, without anything from the network, with charts as SVG.
@org.jspecify.annotations.NullMarked
package jmergekit.page;
