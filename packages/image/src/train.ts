export { exportConvFsq, trainConvFsq, type ConvFsqData, type TrainConvFsqOptions } from './conv-fsq/train';
