/// The primitives on NVIDIA GPUs, through the CUDA driver library, which is part of every NVIDIA
/// driver. The only room that calls native code.
///
/// Source: *CUDA Driver API*, <https://docs.nvidia.com/cuda/cuda-driver-api/>.
@org.jspecify.annotations.NullMarked
package jmergekit.cuda;
